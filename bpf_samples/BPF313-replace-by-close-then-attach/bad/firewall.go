package firewall

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

type firewall struct {
	link  link.Link
	index int
}

func (f *firewall) reload(next *ebpf.Program) (err error) {
	if err := f.link.Close(); err != nil {
		return err
	}
	f.link, err = link.AttachXDP(link.XDPOptions{Program: next, Interface: f.index}) // want BPF313 "`f.link` was closed at line 14, and until here nothing is attached: `f.link.Update` swaps the program at once"
	return err
}
