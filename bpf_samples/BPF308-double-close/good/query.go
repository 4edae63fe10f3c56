package query

import (
	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

func probe(path string) error {
	fd, err := unix.Open(path, unix.O_RDONLY, 0)
	if err != nil {
		return err
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		unix.Close(fd)
		return err
	}
	return unix.Close(fd)
}

// cilium/ebpf's Close may be called again.
func pinned() error {
	m, err := ebpf.LoadPinnedMap("/sys/fs/bpf/counts", nil)
	if err != nil {
		return err
	}
	defer m.Close()
	if err := m.Freeze(); err != nil {
		m.Close()
		return err
	}
	return m.Close()
}
