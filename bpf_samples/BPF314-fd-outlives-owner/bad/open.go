package open

import (
	"os"

	"github.com/cilium/ebpf"
)

func counts() (int, error) {
	m, err := ebpf.LoadPinnedMap("/sys/fs/bpf/counts", nil) // want BPF301 "`m` from ebpf.LoadPinnedMap() is never closed"
	if err != nil {
		return -1, err
	}
	return m.FD(), nil // want BPF314 "the descriptor of `m` from ebpf.LoadPinnedMap() is returned, but nothing holds `m` any more"
}

func program(spec *ebpf.ProgramSpec) (int, error) {
	prog, err := ebpf.NewProgram(spec)
	if err != nil {
		return -1, err
	}
	defer prog.Close()
	return prog.FD(), nil // want BPF314 "the descriptor of `prog`"
}

func file(m *ebpf.Map) *os.File {
	return os.NewFile(uintptr(m.FD()), "map") // want BPF314 "os.NewFile() closes the descriptor that ebpf.Map.FD() only lends"
}
