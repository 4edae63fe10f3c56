package events

import (
	"bytes"
	"encoding/binary"

	"github.com/cilium/ebpf/ringbuf"
)

// The types of events, as in events.bpf.c.
const (
	EventOpen  = iota // want BPF115 "`EventClose` is 3 here, `EVENT_CLOSE` of enum event_type is 4"
	EventRead
	EventWrite
	EventClose
)

type event struct {
	Type uint32
	Pid  uint32
}

func closed(record ringbuf.Record) (bool, error) {
	var e event
	err := binary.Read(bytes.NewReader(record.RawSample), binary.NativeEndian, &e)
	return e.Type == EventClose, err
}
