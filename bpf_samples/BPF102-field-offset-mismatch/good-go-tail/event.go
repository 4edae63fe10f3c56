package probe

import (
	"encoding/binary"
	"errors"
)

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go probe trace.bpf.c

var byteOrder binary.ByteOrder = binary.LittleEndian

// TraceEvent is what the user sees of an event: no bytes are copied over it.
type TraceEvent struct {
	Address uint64
	Request uint32
	PID     uint32
}

// Unmarshal takes the event's own part out of what follows the header.
func (e *TraceEvent) Unmarshal(data []byte) (int, error) {
	if len(data) < 16 {
		return 0, errors.New("short event")
	}
	e.Address = byteOrder.Uint64(data[0:8])
	e.Request = byteOrder.Uint32(data[8:12])
	e.PID = byteOrder.Uint32(data[12:16])
	return 16, nil
}

// parse skips the header.
func parse(data []byte) (*TraceEvent, error) {
	if len(data) < 32 {
		return nil, errors.New("short header")
	}
	var event TraceEvent
	if _, err := event.Unmarshal(data[32:]); err != nil {
		return nil, err
	}
	return &event, nil
}
