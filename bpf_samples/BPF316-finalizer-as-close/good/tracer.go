package tracer

import (
	"runtime"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

type tracer struct {
	link link.Link
}

func newTracer(prog *ebpf.Program) (*tracer, error) {
	l, err := link.Kprobe("tcp_connect", prog, nil)
	if err != nil {
		return nil, err
	}
	t := &tracer{link: l}
	runtime.SetFinalizer(t, func(t *tracer) { t.link.Close() })
	return t, nil
}

// The net below is for those who forget.
func (t *tracer) Close() error {
	runtime.SetFinalizer(t, nil)
	return t.link.Close()
}

type buffer struct{ bytes []byte }

func newBuffer() *buffer {
	b := &buffer{}
	runtime.SetFinalizer(b, func(b *buffer) { b.bytes = nil })
	return b
}
