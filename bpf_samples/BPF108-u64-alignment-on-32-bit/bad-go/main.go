package probe

import (
	"unsafe"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/ringbuf"
)

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go probe probe.bpf.c

type last struct {
	Pid, Uid, Count, Flags, Kind uint32
	When                         uint64 // want BPF108 on=arm,i386 "`When` of event of `events` is at byte 24 in BPF, at 20 on the user side: 64-bit integers align to 4 bytes on"
}

func read(objs *ebpf.Collection) (uint64, error) {
	reader, err := ringbuf.NewReader(objs.Maps["events"])
	if err != nil {
		return 0, err
	}
	defer reader.Close()
	record, err := reader.Read()
	if err != nil || len(record.RawSample) < int(unsafe.Sizeof(last{})) {
		return 0, err
	}
	event := (*last)(unsafe.Pointer(&record.RawSample[0]))
	return event.When, nil
}
