package load

import (
	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

func freeze(m *ebpf.Map) error {
	fd, err := unix.Dup(m.FD())
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return unix.SetNonblock(m.FD(), true)
}
