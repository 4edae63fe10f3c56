package firewall

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

type firewall struct {
	link  link.Link
	probe link.Link
	index int
}

func (f *firewall) reload(next *ebpf.Program) error {
	return f.link.Update(next)
}

// The new one first.
func (f *firewall) swap(next *ebpf.Program) error {
	l, err := link.AttachTCX(link.TCXOptions{Program: next, Interface: f.index})
	if err != nil {
		return err
	}
	f.link.Close()
	f.link = l
	return nil
}

// A probe cannot be updated.
func (f *firewall) again(next *ebpf.Program) (err error) {
	f.probe.Close()
	f.probe, err = link.Kprobe("tcp_connect", next, nil)
	return err
}

// One way closes, the other attaches.
func (f *firewall) toggle(on bool, next *ebpf.Program) (err error) {
	if !on {
		return f.link.Close()
	}
	f.link, err = link.AttachXDP(link.XDPOptions{Program: next, Interface: f.index})
	return err
}
