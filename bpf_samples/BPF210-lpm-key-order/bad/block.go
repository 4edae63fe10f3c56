package filter

import (
	"encoding/binary"
	"net"

	"github.com/cilium/ebpf"
)

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go filter filter.bpf.c

type prefix struct {
	PrefixLen uint32
	Addr      uint32
}

func block(objs *ebpf.Collection, network *net.IPNet) error {
	ones, _ := network.Mask.Size()
	key := prefix{
		PrefixLen: uint32(ones),
		Addr:      binary.BigEndian.Uint32(network.IP.To4()), // want BPF210 "`Addr` of a key of LPM trie `blocked`"
	}
	return objs.Maps["blocked"].Put(&key, uint32(1))
}

func unblock(objs *ebpf.Collection, ip net.IP) error {
	var key prefix
	key.PrefixLen = 32
	key.Addr = binary.BigEndian.Uint32(ip.To4()) // want BPF210 "takes a number"
	return objs.Maps["blocked"].Delete(&key)
}
