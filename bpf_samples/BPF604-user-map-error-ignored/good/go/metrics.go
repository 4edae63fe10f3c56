// Package metrics looks at its errors, or at nothing that an error would spoil.
package metrics

import (
	"errors"
	"log"

	"github.com/cilium/ebpf"
)

type stats struct {
	Packets uint64
	Bytes   uint64
}

func Total(flows *ebpf.Map, keys []uint32) (total uint64, err error) {
	var s stats
	for _, key := range keys {
		if err := flows.Lookup(&key, &s); errors.Is(err, ebpf.ErrKeyNotExist) {
			continue
		} else if err != nil {
			return 0, err
		}
		total += s.Bytes
	}
	return total, nil
}

// The usual error of a delete is that the entry is gone.
func Forget(flows *ebpf.Map, key uint32) {
	_ = flows.Delete(key)
	flows.Delete(key)
}

// Nothing is read afterwards: the call warms the cache.
func Touch(flows *ebpf.Map, key uint32) {
	var s stats
	_ = flows.Lookup(&key, &s)
}

func Set(flows *ebpf.Map, key uint32, s stats) error {
	err := flows.Put(key, s)
	if err != nil {
		log.Print(err)
	}
	return flows.Update(key, s, ebpf.UpdateExist)
}

// Another type's methods of the same names.
type cache struct{}

func (cache) Put(key, value uint32) error     { return nil }
func (cache) Lookup(key, value *uint32) error { return nil }

func Remember(c cache, m *ebpf.Map) uint32 {
	var k, v uint32
	c.Put(1, 2)
	_ = c.Lookup(&k, &v)
	return v
}

// The bytes are missing after a failure, and that is asked for.
func Stack(stacks *ebpf.Map, id uint32) []byte {
	var frames []byte
	if frames, _ = stacks.LookupBytes(id); len(frames) == 0 {
		log.Printf("no stack %d", id)
		return nil
	}
	return frames[:8]
}
