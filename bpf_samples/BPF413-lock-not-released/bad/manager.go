package manager

import (
	"fmt"
	"sync"

	"github.com/cilium/ebpf"
)

type manager struct {
	mu   sync.RWMutex
	coll *ebpf.Collection
	pids map[uint32]uint32
}

func (m *manager) check() error { return nil }

func (m *manager) load(spec *ebpf.CollectionSpec) error {
	m.mu.Lock() // want BPF413 "`m.mu` is still locked on the path that leaves at line 26; other paths call Unlock()"
	if err := m.check(); err != nil {
		m.mu.Unlock()
		return err
	}
	coll, err := ebpf.NewCollection(spec)
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	m.coll = coll
	m.mu.Unlock()
	return nil
}

func (m *manager) find(pid uint32) uint32 {
	m.mu.RLock() // want BPF413 "other paths call RUnlock()"
	for key, value := range m.pids {
		if key == pid {
			return value
		}
	}
	m.mu.RUnlock()
	return 0
}
