package probe

import (
	"unsafe"

	"github.com/cilium/ebpf"
)

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go probe probe.bpf.c

func raw(objs *ebpf.Collection, pid uint32, buf []byte) error {
	return objs.Maps["totals"].Lookup(unsafe.Pointer(&pid), unsafe.Pointer(&buf[0])) // want BPF121 "the value of map `totals` is an unsafe.Pointer"
}
