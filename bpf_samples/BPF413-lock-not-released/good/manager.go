package manager

import (
	"os"
	"sync"

	"github.com/cilium/ebpf"
)

type manager struct {
	mu    sync.Mutex
	coll  *ebpf.Collection
	ready bool
}

func (m *manager) deferred(spec *ebpf.CollectionSpec) (err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.coll, err = ebpf.NewCollection(spec)
	return err
}

// The unlock hides in a function literal and in a helper.
func (m *manager) literal(spec *ebpf.CollectionSpec) (err error) {
	m.mu.Lock()
	defer func() {
		m.ready = true
		m.mu.Unlock()
	}()
	m.coll, err = ebpf.NewCollection(spec)
	return err
}

func (m *manager) finish() {
	m.ready = true
	m.mu.Unlock()
}

func (m *manager) helped(spec *ebpf.CollectionSpec) (err error) {
	m.mu.Lock()
	m.coll, err = ebpf.NewCollection(spec)
	if err != nil {
		m.mu.Unlock()
		return err
	}
	m.finish()
	return nil
}

// Meant to return with the lock held.
func (m *manager) acquire() *ebpf.Collection {
	m.mu.Lock()
	return m.coll
}

// Taken and given back under one condition.
func (m *manager) maybe(lock bool, spec *ebpf.CollectionSpec) error {
	if lock {
		m.mu.Lock()
	}
	coll, err := ebpf.NewCollection(spec)
	if lock {
		m.mu.Unlock()
	}
	if err != nil {
		return err
	}
	m.coll = coll
	return nil
}

// The process ends.
func (m *manager) must(spec *ebpf.CollectionSpec) {
	m.mu.Lock()
	coll, err := ebpf.NewCollection(spec)
	if err != nil {
		os.Exit(1)
	}
	m.coll = coll
	m.mu.Unlock()
}

// The deferred unlock is asked for first; a wait in between gives the lock back and takes it again.
func (m *manager) waitLoaded(ready func() bool) {
	defer m.mu.Unlock()
	m.mu.Lock()
	for m.coll == nil {
		m.mu.Unlock()
		if ready() {
			m.mu.Lock()
			return
		}
		m.mu.Lock()
	}
}

// Entered with the lock held, and left with it held.
func (m *manager) waitLocked(ready func() bool) {
	m.mu.Unlock()
	for {
		m.mu.Lock()
		if ready() {
			return
		}
		m.mu.Unlock()
	}
}

func (m *manager) reload(ready func() bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.coll == nil {
		m.waitLocked(ready)
	}
	for m.coll == nil {
		m.mu.Unlock()
		if ready() {
			m.mu.Lock()
			return
		}
		m.mu.Lock()
	}
}

// The session that was found is the one that is locked.
func (m *manager) session(key string, find func(string) *manager) {
	found := find(key)
	found.mu.Lock()
	again := find(key)
	if found == again {
		if again.ready {
			again.mu.Unlock()
			return
		}
		func() {
			defer func() {
				if r := recover(); r != nil {
					again.mu.Unlock()
				}
			}()
			again.ready = true
			again.mu.Unlock()
		}()
	} else {
		found.mu.Unlock()
	}
}
