package probe

import (
	"unsafe"

	"github.com/cilium/ebpf"
)

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go probe probe.bpf.c
//go:generate fieldalignment -fix .

type event struct { // want BPF118 "would reorder `event`"
	Kind   uint8
	Ts     uint64
	Flags  uint8
	Cgroup uint64
}

func latest(objs *ebpf.Collection, pid uint32) (event, error) {
	var e event
	err := objs.Maps["last"].Lookup(unsafe.Pointer(&pid), unsafe.Pointer(&e))
	return e, err
}
