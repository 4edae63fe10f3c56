package trace

import (
	"bytes"
	"encoding/binary"
	"fmt"

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
		if p.Dport == 443 { // want BPF206 "`Dport` of `packet` is in network byte order (`dport` is `__be16`), and user space compares"
			continue
		}
		fmt.Printf("pid=%d proto=%#x\n", p.Pid, p.Protocol) // want BPF206 "`Protocol` of `packet`"
	}
}
