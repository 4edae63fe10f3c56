package open

import (
	"os"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

type holder struct {
	m  *ebpf.Map
	fd int
}

// The number stays beside its owner.
func counts() (*holder, error) {
	m, err := ebpf.LoadPinnedMap("/sys/fs/bpf/counts", nil)
	if err != nil {
		return nil, err
	}
	return &holder{m: m, fd: m.FD()}, nil
}

func (h *holder) number() int { return h.m.FD() }

// A copy is one's own.
func file(m *ebpf.Map) (*os.File, error) {
	fd, err := unix.Dup(m.FD())
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), "map"), nil
}
