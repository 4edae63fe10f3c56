package main

import (
	"errors"
	"log"
	"os"

	"github.com/cilium/ebpf/link"
	"github.com/cilium/ebpf/rlimit"
)

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go send send.bpf.c

// Another name is tried where the first one is not there.
func attachSend(objs *sendObjects) (link.Link, error) {
	probe, err := link.Kprobe("tcp_sendpage", objs.OnSend, nil)
	if err != nil {
		probe, err = link.Kprobe("tcp_sendmsg", objs.OnSend, nil)
	}
	return probe, err
}

// A list of names, of which one is there.
func attachAny(objs *sendObjects) (link.Link, error) {
	var last error
	for _, name := range []string{"udp_sendpage", "udp_sendmsg"} {
		probe, err := link.Kprobe(name, objs.OnSend, nil)
		if err == nil {
			return probe, nil
		}
		last = err
	}
	return nil, last
}

// The kernel is asked.
func attachPage(objs *sendObjects) (link.Link, error) {
	if hasTracepoint("writeback_dirty_folio") {
		return link.Tracepoint("writeback", "writeback_dirty_folio", objs.OnPage, nil)
	}
	return link.Tracepoint("writeback", "writeback_dirty_page", objs.OnPage, nil)
}

func hasTracepoint(name string) bool {
	_, err := os.Stat("/sys/kernel/tracing/events/writeback/" + name)
	return err == nil
}

// It is said that the kernel may not have it.
func attachRaw(objs *sendObjects) (link.Link, error) {
	raw, err := link.AttachRawTracepoint(link.RawTracepointOptions{Name: "block_io_start", Program: objs.OnRaw})
	if errors.Is(err, os.ErrNotExist) {
		log.Print("no block_io_start: starts are not counted")
		return nil, nil
	}
	return raw, err
}

// Every kernel has these.
func attachRead(objs *sendObjects) (link.Link, error) {
	return link.Kprobe("vfs_read", objs.OnSend, nil)
}

func attachSwitch(objs *sendObjects) (link.Link, error) {
	return link.Tracepoint("sched", "sched_switch", objs.OnPage, nil)
}

func main() {
	if err := rlimit.RemoveMemlock(); err != nil {
		log.Fatal(err)
	}
	var objs sendObjects
	if err := loadSendObjects(&objs, nil); err != nil {
		log.Fatalf("load: %+v", err)
	}
	defer objs.Close()
	for _, attach := range []func(*sendObjects) (link.Link, error){
		attachSend, attachAny, attachPage, attachRaw, attachRead, attachSwitch,
	} {
		one, err := attach(&objs)
		if err != nil {
			log.Fatal(err)
		}
		if one != nil {
			defer one.Close()
		}
	}
	select {}
}
