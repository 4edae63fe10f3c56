package monitor

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

type monitor struct {
	collection *ebpf.Collection
	link       link.Link
	closers    []func() error
	Stop       chan struct{}
}

func (m *monitor) Close() {
	_ = m.link.Close()
	m.collection.Close()
	_ = m.Stop
}

// The value is what is wanted.
func (m *monitor) remember() func() error {
	m.closers = append(m.closers, m.link.Close)
	stop := m.link.Close
	return stop
}
