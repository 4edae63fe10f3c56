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

type bytePrefix struct {
	PrefixLen uint32
	Addr      [4]byte
}

func block(objs *ebpf.Collection, network *net.IPNet) error {
	ones, _ := network.Mask.Size()
	key := prefix{PrefixLen: uint32(ones), Addr: binary.NativeEndian.Uint32(network.IP.To4())}
	return objs.Maps["blocked"].Put(&key, uint32(1))
}

func blockBytes(objs *ebpf.Collection, ip net.IP) error {
	key := bytePrefix{PrefixLen: 32, Addr: [4]byte(ip.To4())}
	return objs.Maps["blocked"].Put(&key, uint32(1))
}

// The number is wanted here: nothing of it goes to the kernel.
func asNumber(ip net.IP) uint32 {
	return binary.BigEndian.Uint32(ip.To4())
}
