package probe

import (
	"unsafe"

	"github.com/cilium/ebpf"
)

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go probe probe.bpf.c

type stats struct {
	Packets uint64
	Bytes   uint64
}

// The type is known, and it is the map's.
func typed(objs *ebpf.Collection, pid uint32) (stats, error) {
	var s stats
	err := objs.Maps["totals"].Lookup(unsafe.Pointer(&pid), unsafe.Pointer(&s))
	return s, err
}

// So is the length of the buffer.
func sized(objs *ebpf.Collection, pid uint32) ([]byte, error) {
	buf := make([]byte, 16)
	err := objs.Maps["totals"].Lookup(unsafe.Pointer(&pid), unsafe.Pointer(&buf[0]))
	return buf, err
}

// A slice of bytes is checked by the library.
func checked(objs *ebpf.Collection, pid uint32, buf []byte) error {
	return objs.Maps["totals"].Lookup(&pid, buf)
}
