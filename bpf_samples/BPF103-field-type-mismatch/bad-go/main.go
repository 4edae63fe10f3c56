package probe

import "github.com/cilium/ebpf"

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go probe probe.bpf.c

type event struct {
	Seen uint64
	Comm [20]byte // want BPF103 "`Comm` of value of map `latest` has 16 elements"
	Pid  uint32
}

func latest(objs *ebpf.Collection, pid uint32) (event, error) {
	var e event
	err := objs.Maps["latest"].Lookup(&pid, &e)
	return e, err
}
