package query

import (
	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

var counts *ebpf.Map

func probe(path string) error {
	fd, err := unix.Open(path, unix.O_RDONLY, 0)
	if err != nil {
		return err
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		unix.Close(fd)
	}
	return unix.Close(fd) // want BPF308 "`fd` from unix.Open() was closed at line 16 already"
}
