package probe

import "github.com/cilium/ebpf"

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go probe probe.bpf.c

type inner struct {
	A uint8
	B uint32 // want BPF106 "`In.B` is at byte 5 in BPF, at 2"
}

type event struct {
	Kind uint8
	In   inner
	Seen uint64
}

func latest(objs *ebpf.Collection, pid uint32) (event, error) {
	var e event
	err := objs.Maps["latest"].Lookup(&pid, &e)
	return e, err
}
