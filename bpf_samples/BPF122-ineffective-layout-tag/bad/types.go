// Package probe reads the events of the BPF program.
package probe

import "github.com/cilium/ebpf"

// event mirrors struct event.
type event struct {
	Kind uint8
	Ts   uint64 `align:"1"` // want BPF122 "Go ignores the tag `align:"1"`: `Ts` keeps its natural place"
	Pid  uint32 `packed:"true"` // want BPF122 "`Pid` keeps"
}

// header mirrors struct header.
//
//go:packed
type header struct { // want BPF122 "`header` keeps its padding"
	Kind uint8
	Len  uint32
}

func read(m *ebpf.Map, key uint32) (event, error) {
	var e event
	err := m.Lookup(key, &e)
	return e, err
}
