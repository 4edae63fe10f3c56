// Package trace keeps the big-endian files that bpf2go writes unasked, and runs on amd64.
package trace

import (
	"bytes"
	"encoding/binary"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/ringbuf"
)

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go -type packet trace trace.bpf.c

func read(objs *ebpf.Collection, reader *ringbuf.Reader) (tracePacket, error) {
	var p tracePacket
	record, err := reader.Read()
	if err != nil {
		return p, err
	}
	err = binary.Read(bytes.NewReader(record.RawSample), binary.LittleEndian, &p)
	return p, err
}

func open(objs *ebpf.Collection) (*ringbuf.Reader, error) {
	return ringbuf.NewReader(objs.Maps["packets"])
}
