// Package metrics exports what the program counts, or what was there before.
package metrics

import (
	"unsafe"

	"github.com/aquasecurity/libbpfgo"
	"github.com/cilium/ebpf"
)

type stats struct {
	Packets uint64
	Bytes   uint64
}

func Total(flows *ebpf.Map, keys []uint32) (total uint64) {
	var s stats
	for _, key := range keys {
		_ = flows.Lookup(&key, &s) // want BPF604 "the error of Lookup() is dropped: `s` is read"
		total += s.Bytes
	}
	return total
}

func Block(blocked *ebpf.Map, address uint32) {
	blocked.Put(address, uint8(1)) // want BPF604 "nobody learns that the map was not changed"
	_ = blocked.Update(address, uint8(1), ebpf.UpdateAny) // want BPF604 "Update()"
}

func Limit(limits *libbpfgo.BPFMap, key, value []byte) {
	limits.Update(nil, nil) // want BPF604 "Update()"
}

func Limited(limits *libbpfgo.BPFMap, key uint32) byte {
	value, _ := limits.GetValue(unsafe.Pointer(&key)) // want BPF604 "`value` is read, and after a failure it is empty"
	return value[0]
}
