// Package ports reads how often a port was bound.
package ports

import (
	"structs"
	"unsafe"

	"github.com/cilium/ebpf"
)

type portKey struct {
	_       structs.HostLayout
	Proto   uint8
	Address uint32
	Port    uint16
}

type objects struct {
	Ports *ebpf.Map `ebpf:"ports"`
}

func (o *objects) Count(port uint16) (uint64, error) {
	key := portKey{Proto: 6, Address: 1, Port: port}
	var n uint64
	err := o.Ports.Lookup(unsafe.Pointer(&key), &n)
	return n, err
}
