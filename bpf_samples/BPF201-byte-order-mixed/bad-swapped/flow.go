// Package flow prints the ports of a program's events.
package flow

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/cilium/ebpf/ringbuf"
)

type flowEvent struct {
	Saddr  uint32
	Dport  uint16
	Length uint16
}

func ntohs(value uint16) uint16 { return value<<8 | value>>8 }

func show(rd *ringbuf.Reader) error {
	record, err := rd.Read()
	if err != nil {
		return err
	}
	var ev flowEvent
	if err := binary.Read(bytes.NewReader(record.RawSample), binary.NativeEndian, &ev); err != nil {
		return err
	}
	fmt.Println("port", ntohs(ev.Dport))
	return nil
}
