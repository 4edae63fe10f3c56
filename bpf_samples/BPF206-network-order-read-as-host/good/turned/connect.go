// Package turned has all numbers of an event in network byte order, and reads them so.
package turned

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/ringbuf"
)

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go connect connect.bpf.c

type opening struct {
	Sport uint16
	Dport uint16
}

func show(objs *ebpf.Collection) error {
	reader, err := ringbuf.NewReader(objs.Maps["openings"])
	if err != nil {
		return err
	}
	defer reader.Close()
	record, err := reader.Read()
	if err != nil {
		return err
	}
	var event opening
	if err := binary.Read(bytes.NewReader(record.RawSample), binary.BigEndian, &event); err != nil {
		return err
	}
	fmt.Printf("%d to %d\n", event.Sport, event.Dport)
	return nil
}
