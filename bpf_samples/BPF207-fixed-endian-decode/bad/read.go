package trace

import (
	"bytes"
	"encoding/binary"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/ringbuf"
)

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go -target amd64,arm64,s390x -type packet trace trace.bpf.c

func read(objs *ebpf.Collection, reader *ringbuf.Reader) (tracePacket, error) {
	var p tracePacket
	record, err := reader.Read()
	if err != nil {
		return p, err
	}
	err = binary.Read(bytes.NewReader(record.RawSample), binary.LittleEndian, &p) // want BPF207 "not little endian"
	return p, err
}

func open(objs *ebpf.Collection) (*ringbuf.Reader, error) {
	return ringbuf.NewReader(objs.Maps["packets"])
}
