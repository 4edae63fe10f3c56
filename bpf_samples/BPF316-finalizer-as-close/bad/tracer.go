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
	runtime.SetFinalizer(t, func(t *tracer) { t.link.Close() }) // want BPF316 "only a finalizer closes what `tracer` holds"
	return t, nil
}
