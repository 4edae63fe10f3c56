package attach

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

type tracer struct {
	enter *ebpf.Program
	exit  *ebpf.Program
}

func (t *tracer) start() error {
	_, err := link.AttachRawTracepoint(link.RawTracepointOptions{Name: "sys_enter", Program: t.enter}) // want BPF303 "the link from link.AttachRawTracepoint() is kept nowhere: the garbage collector closes it"
	if err != nil {
		return err
	}
	_, err = link.Kretprobe("tcp_connect", t.exit, nil) // want BPF303 "the link from link.Kretprobe() is kept nowhere"
	return err
}

func supported(prog *ebpf.Program) bool {
	_, err := link.KprobeMulti(prog, link.KprobeMultiOptions{Symbols: []string{"vprintk"}}) // want BPF303 "link.KprobeMulti()"
	return err == nil
}

func attach(prog *ebpf.Program) (link.Link, error) {
	return link.AttachTracing(link.TracingOptions{Program: prog})
}

func (t *tracer) through() error {
	if _, err := attach(t.exit); err != nil { // want BPF303 "the link from attach() is kept nowhere"
		return err
	}
	link.Kprobe("tcp_close", t.enter, nil) // want BPF303 "the link from link.Kprobe() is kept nowhere"
	return nil
}
