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

// Only user space writes these.
func (o *objects) Enable(key uint32) error {
	var s stats
	if err := o.Settings.Lookup(&key, &s); err != nil {
		return err
	}
	s.Resets = 1
	return o.Settings.Update(&key, &s, ebpf.UpdateExist)
}

// Another key, and a fresh value.
func (o *objects) Copy(from, to uint32) error {
	var s stats
	if err := o.Counts.Lookup(&from, &s); err != nil {
		return err
	}
	s.Resets = 0
	if err := o.Counts.Put(&to, &s); err != nil {
		return err
	}
	s = stats{}
	return o.Counts.Update(&to, &s, ebpf.UpdateExist)
}

// Begins anew: nothing of what was read is left.
func (o *objects) Restart(key uint32) (uint64, error) {
	var s stats
	if err := o.Counts.Lookup(&key, &s); err != nil {
		return 0, err
	}
	packets := s.Packets
	s = stats{}
	s.Resets = 1
	return packets, o.Counts.Update(&key, &s, ebpf.UpdateExist)
}

// Either the old value is looked at, or a new one is made.
func (o *objects) Ensure(key uint32, reset bool) error {
	var s stats
	if !reset {
		return o.Counts.Lookup(&key, &s)
	}
	s.Resets = 1
	return o.Counts.Update(&key, &s, ebpf.UpdateAny)
}

func (o *objects) Take(key uint32) (s stats, err error) {
	err = o.Counts.LookupAndDelete(&key, &s)
	return s, err
}
