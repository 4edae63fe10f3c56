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

func (o *objects) Level(key uint32) (uint64, error) {
	var t tokens
	err := o.Buckets.Lookup(&key, &t) // want BPF407 "pass ebpf.LookupLock"
	return t.Level, err
}

func (o *objects) Reset(key uint32) error {
	return o.Buckets.Update(&key, &tokens{Level: 1}, ebpf.UpdateExist) // want BPF407 "is written without its lock `lock`"
}
