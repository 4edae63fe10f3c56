package events

import (
	"bytes"
	"encoding/binary"

	"github.com/cilium/ebpf/ringbuf"
)

// The types of events, as in events.bpf.c.
const (
	EventOpen  = iota
	EventRead
	EventWrite
	EventSync
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

// Levels of the log: other numbers under one like name are no copy.
const (
	LevelClose = 10
	LevelOpen  = 20
	LevelDebug = 30
)
