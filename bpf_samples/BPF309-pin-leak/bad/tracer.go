package tracer

import (
	"fmt"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

type tracer struct {
	coll   *ebpf.Collection
	counts *ebpf.Map
	hook   link.Link
}

// Pinned as a field, as a part of one, and as a local that becomes one.
func (t *tracer) start(spec *ebpf.CollectionSpec) error {
	if err := t.counts.Pin("/sys/fs/bpf/counts"); err != nil { // want BPF309 "`tracer.counts` is pinned by ebpf.Map.Pin(), and `Close` closes it without unpinning it"
		return err
	}
	if err := t.coll.Programs["trace"].Pin("/sys/fs/bpf/trace"); err != nil { // want BPF309 "`tracer.coll` is pinned"
		return err
	}
	hook, err := link.Kprobe("tcp_connect", t.coll.Programs["trace"], nil)
	if err != nil {
		return err
	}
	t.hook = hook
	if err := hook.Pin("/sys/fs/bpf/hook"); err != nil { // want BPF309 "`tracer.hook` is pinned"
		return fmt.Errorf("pin: %w", err)
	}
	return nil
}

func (t *tracer) Close() error {
	t.closeLink()
	t.coll.Close()
	return t.counts.Close()
}

func (t *tracer) closeLink() {
	t.hook.Close()
}
