package exec

import (
	"unsafe"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/ringbuf"
)

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go exec exec.bpf.c

type execEvent struct {
	Ts   uint64
	Pid  uint32
	Comm [16]byte
}

func next(objs *ebpf.Collection) (execEvent, error) {
	reader, err := ringbuf.NewReader(objs.Maps["events"])
	if err != nil {
		return execEvent{}, err
	}
	defer reader.Close()
	record, err := reader.Read()
	if err != nil {
		return execEvent{}, err
	}
	return *(*execEvent)(unsafe.Pointer(&record.RawSample[0])), nil // want BPF709 "`events` also carries 8 bytes of `exit_event`"
}
