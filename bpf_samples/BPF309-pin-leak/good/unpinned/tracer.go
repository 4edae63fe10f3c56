package unpinned

import (
	"errors"

	"github.com/cilium/ebpf"
)

type tracer struct {
	counts *ebpf.Map
}

func (t *tracer) start() error {
	return t.counts.Pin("/sys/fs/bpf/counts")
}

func (t *tracer) Close() error {
	return errors.Join(t.counts.Unpin(), t.counts.Close())
}
