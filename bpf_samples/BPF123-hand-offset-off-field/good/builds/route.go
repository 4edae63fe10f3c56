// Package builds reads the maps of one source that is compiled for short and for wide addresses.
package builds

import (
	"encoding/binary"

	"github.com/cilium/ebpf"
)

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go short route.bpf.c
//go:generate go run github.com/cilium/ebpf/cmd/bpf2go wide route.bpf.c -- -DWIDE

// Route is struct route.
type Route [8]byte

// Port returns the port.
func (r Route) Port() uint16 {
	return binary.NativeEndian.Uint16(r[4:6])
}

// WideRoute is the same struct route of the build for wide addresses.
type WideRoute [20]byte

// Port returns the port.
func (r WideRoute) Port() uint16 {
	return binary.NativeEndian.Uint16(r[16:18])
}

func ports(objs *ebpf.Collection) []uint16 {
	var found []uint16
	var route Route
	var value uint32
	for entries := objs.Maps["routes"].Iterate(); entries.Next(&route, &value); {
		found = append(found, route.Port())
	}
	return found
}
