package main

import (
	"log"

	"github.com/cilium/ebpf/link"
	"github.com/cilium/ebpf/rlimit"
)

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go send send.bpf.c

const function = "tcp_sendpage"

func main() {
	if err := rlimit.RemoveMemlock(); err != nil {
		log.Fatal(err)
	}
	var objs sendObjects
	if err := loadSendObjects(&objs, nil); err != nil {
		log.Fatalf("load: %+v", err)
	}
	defer objs.Close()
	probe, err := link.Kprobe(function, objs.OnSend, nil) // want BPF509 "`tcp_sendpage` is not in the BTF of Linux 7.3 (arm64, x86_64): the program is not attached there"
	if err != nil {
		log.Fatal(err)
	}
	defer probe.Close()
	page, err := link.Tracepoint("writeback", "writeback_dirty_page", objs.OnPage, nil) // want BPF509 "tracepoint `writeback/writeback_dirty_page` does not exist in Linux 7.3 (arm64); 6.1, 7.3 (x86_64)"
	if err != nil {
		log.Fatal(err)
	}
	defer page.Close()
	raw, err := link.AttachRawTracepoint(link.RawTracepointOptions{Name: "block_io_start", Program: objs.OnRaw}) // want BPF509 "tracepoint `block_io_start` does not exist in Linux 5.10, 6.1 (x86_64)"
	if err != nil {
		log.Fatal(err)
	}
	defer raw.Close()
	select {}
}
