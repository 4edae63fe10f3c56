// Package buckets reads and resets the token buckets.
package buckets

import "github.com/cilium/ebpf"

type tokens struct {
	Lock  uint32
	Pad   uint32
	Level uint64
	Since uint64
}

type objects struct {
	Buckets *ebpf.Map `ebpf:"buckets"`
	Limits  *ebpf.Map `ebpf:"limits"`
}

func (o *objects) Level(key uint32, flags ebpf.MapLookupFlags) (uint64, error) {
	var t tokens
	if err := o.Buckets.LookupWithFlags(&key, &t, ebpf.LookupLock); err != nil {
		return 0, err
	}
	err := o.Buckets.LookupWithFlags(&key, &t, flags)
	return t.Level, err
}

func (o *objects) Reset(key uint32) error {
	return o.Buckets.Update(&key, &tokens{Level: 1}, ebpf.UpdateExist|ebpf.UpdateLock)
}

func (o *objects) Limit(key uint32, limit uint64) error {
	return o.Limits.Put(key, limit)
}
