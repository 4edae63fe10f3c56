package monitor

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

type monitor struct {
	collection *ebpf.Collection
	link       link.Link
}

func (m *monitor) Close() {
	_ = m.collection.Close // want BPF315 "`m.collection.Close` is not called: the parentheses are missing"
	_ = m.link.Close       // want BPF315 "`m.link.Close` is not called"
}
