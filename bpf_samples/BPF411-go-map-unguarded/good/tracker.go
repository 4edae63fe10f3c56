// Package tracker names the processes whose events a program reports.
package tracker

import (
	"sort"
	"sync"

	"github.com/cilium/ebpf"
)

type Tracker struct {
	mu     sync.RWMutex
	names  map[uint32]string
	limits map[uint32]int
	first  map[uint32]string
	pids   *ebpf.Map
}

// Nobody else has the object yet.
func NewTracker(pids *ebpf.Map) *Tracker {
	t := &Tracker{names: map[uint32]string{}, limits: map[uint32]int{}, pids: pids}
	t.names[1] = "init"
	t.fill()
	return t
}

// Only the constructor calls this.
func (t *Tracker) fill() {
	t.names[2] = "kthreadd"
	t.limits[2] = 7
}

func Load(pids *ebpf.Map) *Tracker {
	t := NewTracker(pids)
	t.names[3] = "ours"
	return t
}

func (t *Tracker) Add(pid uint32, name string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.names[pid] = name
	t.evict()
	return t.pids.Put(pid, uint32(1))
}

func (t *Tracker) Remove(pid uint32) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.evict()
	t.removeLocked(pid)
}

// Every caller holds the lock.
func (t *Tracker) evict() {
	if len(t.names) > 1000 {
		delete(t.names, 0)
	}
}

func (t *Tracker) removeLocked(pid uint32) {
	delete(t.names, pid)
}

// A closure that runs right here runs under the lock.
func (t *Tracker) Sorted() []uint32 {
	t.mu.RLock()
	defer t.mu.RUnlock()
	pids := make([]uint32, 0, len(t.names))
	for pid := range t.names {
		pids = append(pids, pid)
	}
	sort.Slice(pids, func(i, j int) bool { return t.names[pids[i]] < t.names[pids[j]] })
	return pids
}

// Another name for the lock.
func (t *Tracker) Name(pid uint32) string {
	lock := &t.mu
	lock.RLock()
	defer lock.RUnlock()
	return t.names[pid]
}

// Set once, read ever after: no lock guards it.
func (t *Tracker) Limit(pid uint32) int {
	return t.limits[pid]
}

// Whoever gets past the test has the lock.
func (t *Tracker) TryName(pid uint32) string {
	if !t.mu.TryRLock() {
		return ""
	}
	defer t.mu.RUnlock()
	return t.names[pid]
}

// Run from files that were not read, perhaps under the lock.
func (t *Tracker) reset(pid uint32) {
	t.names[pid] = ""
}

// Nobody tells whether the object is shared yet.
func (t *Tracker) Start() {
	t.names = make(map[uint32]string)
}

// Whoever says that it is safe has the lock.
func (t *Tracker) Rate(pid uint32, safe bool) string {
	if !safe {
		t.mu.Lock()
		defer t.mu.Unlock()
	}
	return t.names[pid]
}

// The object's goroutine does not run yet; once it does, it locks.
func (t *Tracker) Run(pids []uint32, more <-chan uint32) {
	for _, pid := range pids {
		t.track(pid)
	}
	go func() {
		for pid := range more {
			t.mu.Lock()
			t.track(pid)
			t.mu.Unlock()
		}
	}()
}

func (t *Tracker) track(pid uint32) {
	if _, ok := t.names[pid]; !ok {
		t.names[pid] = "tracked"
	}
}

// A map that is replaced and never changed: asking for it reads no map.
func (t *Tracker) Refresh(first map[uint32]string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.first = first
}

func (t *Tracker) First(pid uint32) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.first[pid]
}

func (t *Tracker) Ready() bool {
	return t.first != nil && t.names != nil
}

// Nobody is seen to run this beside the tracker's own goroutines.
type Report struct {
	tracker *Tracker
}

func (r *Report) All() []string {
	found := []string{}
	for _, name := range r.tracker.names {
		found = append(found, name)
	}
	return found
}

// A map of one goroutine.
func count(pids []uint32) map[uint32]int {
	seen := map[uint32]int{}
	for _, pid := range pids {
		seen[pid]++
	}
	return seen
}

type forgetter interface{ Forget(pid uint32) }

// Methods that are reached through what an interface holds, under the lock.
func (t *Tracker) Sweep(parts []any, pid uint32) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, part := range parts {
		if one, ok := part.(forgetter); ok {
			one.Forget(pid)
		}
		if one, ok := part.(interface{ Rename(pid uint32) }); ok {
			one.Rename(pid)
		}
		part.(*Tracker).Mark(pid)
	}
}

func (t *Tracker) Forget(pid uint32) { delete(t.names, pid) }

func (t *Tracker) Rename(pid uint32) { t.names[pid] = "renamed" }

func (t *Tracker) Mark(pid uint32) { t.names[pid] = "marked" }

// one goroutine makes the lines of a socket, and gives them all up.
type sockets struct {
	mu     sync.Mutex
	lines  map[uint64]string
	asked  chan uint64
	closed chan struct{}
}

func startSockets() *sockets {
	s := &sockets{lines: map[uint64]string{}, asked: make(chan uint64), closed: make(chan struct{})}
	go s.serve()
	return s
}

func (s *sockets) serve() {
	for {
		select {
		case <-s.closed:
			s.lines = nil
			return
		case fd := <-s.asked:
			if _, ok := s.lines[fd]; !ok {
				s.create(fd)
			}
		}
	}
}

func (s *sockets) create(fd uint64) {
	s.mu.Lock()
	s.lines[fd] = "line"
	s.mu.Unlock()
}

func (s *sockets) Line(fd uint64) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lines[fd]
}

func (s *sockets) Has(fd uint64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.lines[fd]
	return ok
}
