// Package counts resets what the program counts.
package counts

import "github.com/cilium/ebpf"

type stats struct {
	Packets uint64
	Resets  uint64
}

type objects struct {
	Counts   *ebpf.Map `ebpf:"counts"`
	Settings *ebpf.Map `ebpf:"settings"`
}

func (o *objects) Reset(key uint32) error {
	var s stats
	if err := o.Counts.Lookup(&key, &s); err != nil {
		return err
	}
	s.Packets = 0
	s.Resets++
	return o.Counts.Update(&key, &s, ebpf.UpdateExist) // want BPF408 "what `on_packet` stored in between is lost"
}
