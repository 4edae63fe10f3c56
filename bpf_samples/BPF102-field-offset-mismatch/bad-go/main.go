package probe

import "github.com/cilium/ebpf"

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go probe probe.bpf.c

type event struct {
	Seen   uint64
	Kind   uint8
	_      [15]byte
	Cgroup uint64 // want BPF102 "`Cgroup` of value of map `latest` is at byte 16 in BPF, at 24 on the user side"
}

func latest(objs *ebpf.Collection, pid uint32) (event, error) {
	var e event
	err := objs.Maps["latest"].Lookup(&pid, &e)
	return e, err
}
