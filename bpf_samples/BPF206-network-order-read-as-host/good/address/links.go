// Package address shows which hosts talk to each other.
package address

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"net"

	"github.com/cilium/ebpf"
)

type link struct {
	Source uint32
	Target uint32
	Port   uint16
	Family uint16
}

// The bytes as they lie in memory.
func loopback(number uint32) bool {
	address := make(net.IP, 4)
	binary.NativeEndian.PutUint32(address, number)
	return address.IsLoopback()
}

func little(number uint32) net.IP {
	return net.IPv4(byte(number), byte(number>>8), byte(number>>16), byte(number>>24))
}

// Of a number in host order.
func dotted(number uint32) string {
	address := make(net.IP, 4)
	binary.BigEndian.PutUint32(address, number)
	return address.String()
}

func show(links *ebpf.Map) {
	var key link
	var count uint64
	for entries := links.Iterate(); entries.Next(&key, &count); {
		if loopback(key.Target) {
			continue
		}
		fmt.Println(little(key.Source), dotted(bits.ReverseBytes32(key.Target)), dotted(uint32(key.Port)), count)
	}
}
