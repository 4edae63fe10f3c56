package probe

import (
	"unsafe"

	"github.com/cilium/ebpf"
)

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go probe probe.bpf.c

type event struct {
	Kind uint8
	Seen uint64 // want BPF105 "packed"
}

func latest(objs *ebpf.Collection, pid uint32) (event, error) {
	var e event
	err := objs.Maps["latest"].Lookup(unsafe.Pointer(&pid), unsafe.Pointer(&e))
	return e, err
}
