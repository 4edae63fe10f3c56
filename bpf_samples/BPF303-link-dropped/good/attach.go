package attach

import (
	"github.com/aquasecurity/libbpfgo"
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

type tracer struct {
	prog  *ebpf.Program
	link  link.Link
	links []link.Link
}

func (t *tracer) start() (err error) {
	t.link, err = link.Kprobe("tcp_connect", t.prog, nil)
	if err != nil {
		return err
	}
	l, err := link.Kprobe("tcp_close", t.prog, nil)
	if err != nil {
		return err
	}
	t.links = append(t.links, l)
	return nil
}

// Probing for a feature: the link is closed.
func supported(prog *ebpf.Program) bool {
	l, err := link.KprobeMulti(prog, link.KprobeMultiOptions{Symbols: []string{"vprintk"}})
	if err != nil {
		return false
	}
	l.Close()
	return true
}

// libbpfgo's module keeps its links.
func legacy(module *libbpfgo.Module) error {
	prog, err := module.GetProgram("on_exec")
	if err != nil {
		return err
	}
	_, err = prog.AttachKprobe("do_exec")
	return err
}

// Only an error comes back: nothing is dropped.
func raw(prog *ebpf.Program, target int) error {
	return link.RawAttachProgram(link.RawAttachProgramOptions{Target: target, Program: prog})
}
