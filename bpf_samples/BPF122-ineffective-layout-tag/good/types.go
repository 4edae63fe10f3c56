// Package probe reads the events of the BPF program.
package probe

import "github.com/cilium/ebpf"

// event mirrors struct event; the align tags name C fields for a checker.
type event struct {
	Kind uint8    `align:"kind"`
	_    [7]uint8 `align:"$union0"`
	Ts   uint64   `align:"ts" json:"packed_at"`
}

// header is packed by hand: see event.
type header struct {
	Kind uint8 `json:"kind"`
	Len  [4]byte
}

func read(m *ebpf.Map, key uint32) (event, error) {
	var e event
	err := m.Lookup(key, &e)
	return e, err
}
