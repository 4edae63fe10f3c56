package trace

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/ringbuf"
)

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go trace trace.bpf.c

type packet struct {
	Pid      uint32
	Protocol uint16
	Dport    uint16
}

func show(objs *ebpf.Collection) error {
	reader, err := ringbuf.NewReader(objs.Maps["packets"])
	if err != nil {
		return err
	}
	defer reader.Close()
	for {
		var p packet
		record, err := reader.Read()
		if err != nil {
			return err
		}
		if err := binary.Read(bytes.NewReader(record.RawSample), binary.NativeEndian, &p); err != nil {
			return err
		}
		// zero is zero in both orders
		if p.Dport == 0 || bits.ReverseBytes16(p.Dport) == 443 {
			continue
		}
		fmt.Printf("pid=%d proto=%#x\n", p.Pid, p.Protocol)
	}
}
