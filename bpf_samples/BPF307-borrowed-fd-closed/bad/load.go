package load

import (
	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

func freeze(m *ebpf.Map) error {
	fd := m.FD()
	if err := m.Freeze(); err != nil {
		return err
	}
	return unix.Close(fd) // want BPF307 "`fd` is the descriptor that ebpf.Map.FD() only lends"
}
