package agent

import (
	"bytes"
	"encoding/binary"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/ringbuf"
)

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go probe probe.bpf.c

type flowKey struct {
	Saddr  uint32
	Port   uint16
	_      [2]byte
	Cookie uint64
}

type event struct {
	Type   uint32
	Argnum uint8
	_      [3]byte
	Retval int64
	Comm   [16]byte
}

type agent struct {
	flows  *ebpf.Map
	reader *ringbuf.Reader
}

func newAgent(coll *ebpf.Collection) (*agent, error) {
	reader, err := ringbuf.NewReader(coll.Maps["events"])
	if err != nil {
		return nil, err
	}
	return &agent{flows: coll.Maps["flows"], reader: reader}, nil
}

func (a *agent) next() (event, error) {
	var e event
	record, err := a.reader.Read()
	if err != nil {
		return e, err
	}
	return decode(record.RawSample)
}

func decode(sample []byte) (event, error) {
	var e event
	err := binary.Read(bytes.NewReader(sample), binary.NativeEndian, &e)
	return e, err
}

func (a *agent) seen(saddr uint32, port uint16) (uint64, error) {
	var count uint64
	err := a.flows.Lookup(flowKey{Saddr: saddr, Port: port}, &count)
	return count, err
}
