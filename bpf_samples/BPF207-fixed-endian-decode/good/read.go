package trace

import (
	"bytes"
	"encoding/binary"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/ringbuf"
)

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go -target bpfel,bpfeb -type packet trace trace.bpf.c

func read(objs *ebpf.Collection, reader *ringbuf.Reader) (tracePacket, error) {
	var p tracePacket
	record, err := reader.Read()
	if err != nil {
		return p, err
	}
	err = binary.Read(bytes.NewReader(record.RawSample), binary.NativeEndian, &p)
	return p, err
}

func open(objs *ebpf.Collection) (*ringbuf.Reader, error) {
	return ringbuf.NewReader(objs.Maps["packets"])
}
