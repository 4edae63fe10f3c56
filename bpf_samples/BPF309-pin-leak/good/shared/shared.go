package shared

import "github.com/cilium/ebpf"

// The next start takes over what this one leaves.
type shared struct {
	counts *ebpf.Map
}

func (s *shared) start(spec *ebpf.MapSpec) (err error) {
	s.counts, err = ebpf.LoadPinnedMap("/sys/fs/bpf/counts", nil)
	if err == nil {
		return nil
	}
	if s.counts, err = ebpf.NewMap(spec); err != nil {
		return err
	}
	return s.counts.Pin("/sys/fs/bpf/counts")
}

func (s *shared) Close() error {
	return s.counts.Close()
}
