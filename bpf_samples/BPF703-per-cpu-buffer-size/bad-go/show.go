package counts

import "github.com/cilium/ebpf"

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go counts counts.bpf.c

type totals struct {
	Packets uint64
	Bytes   uint64
}

func all(objs *ebpf.Collection) (totals, error) {
	var t totals
	err := objs.Maps["totals"].Lookup(uint32(0), &t) // want BPF703 "cilium/ebpf refuses a value that is no slice"
	return t, err
}

func dropped(objs *ebpf.Collection, reason uint32) (uint32, error) {
	var n uint32
	err := objs.Maps["drops"].Lookup(reason, &n) // want BPF703 "`drops` is a per-CPU map"
	return n, err
}
