package probe

import "github.com/cilium/ebpf"

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go probe probe.bpf.c

type event struct {
	Seen uint64
	Uid  uint32
	Pid  uint32 // want BPF104 "trade places"
}

func latest(objs *ebpf.Collection, pid uint32) (event, error) {
	var e event
	err := objs.Maps["latest"].Lookup(&pid, &e)
	return e, err
}
