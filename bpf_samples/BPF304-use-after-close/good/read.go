package read

import (
	"errors"
	"fmt"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// A program may be closed once it is attached: the link holds it.
func attach(spec *ebpf.ProgramSpec) (link.Link, error) {
	prog, err := ebpf.NewProgram(spec)
	if err != nil {
		return nil, err
	}
	l, err := link.Kprobe("tcp_connect", prog, nil)
	prog.Close()
	if err != nil {
		return nil, fmt.Errorf("attach %v: %w", prog, err)
	}
	return l, nil
}

// Opened again in between.
func again(id ebpf.MapID) error {
	m, err := ebpf.NewMapFromID(id)
	if err != nil {
		return err
	}
	m.Close()
	m, err = ebpf.NewMapFromID(id)
	if err != nil {
		return err
	}
	defer m.Close()
	return m.Freeze()
}

// Closed on the way out only.
func either(id ebpf.MapID, key uint32) error {
	m, err := ebpf.NewMapFromID(id)
	if err != nil {
		return err
	}
	if m.MaxEntries() == 0 {
		m.Close()
		return errors.New("empty")
	}
	defer m.Close()
	return m.Delete(key)
}
