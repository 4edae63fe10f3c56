// Package tracker names the processes whose events a program reports.
package tracker

import (
	"fmt"
	"sync"

	"github.com/cilium/ebpf"
)

type Tracker struct {
	mu    sync.RWMutex
	names map[uint32]string
	pids  *ebpf.Map
}

func (t *Tracker) Add(pid uint32, name string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.names[pid] = name
	return t.pids.Put(pid, uint32(1))
}

func (t *Tracker) Remove(pid uint32) error {
	t.mu.Lock()
	delete(t.names, pid)
	t.mu.Unlock()
	return t.pids.Delete(pid)
}

// Every write is guarded; this read runs on the goroutine of the event loop.
func (t *Tracker) OnEvent(pid uint32) {
	fmt.Println("event of", t.names[pid]) // want BPF411 "`Tracker.names` is read here without `Tracker.mu`"
}

// The lock is released before the last use.
func (t *Tracker) Dump() int {
	t.mu.RLock()
	n := len(t.names)
	t.mu.RUnlock()
	for pid := range t.names { // want BPF411 "`Tracker.names` is read here without"
		n += int(pid)
	}
	return n
}

// A goroutine starts without the locks of the function that starts it.
func (t *Tracker) Later(pid uint32) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	_ = t.names[pid]
	go func() {
		fmt.Println(t.names[pid]) // want BPF411 "without `Tracker.mu`"
	}()
}

var (
	cacheLock sync.Mutex
	cache     = map[string]*ebpf.Map{}
)

func Remember(name string, m *ebpf.Map) {
	cacheLock.Lock()
	cache[name] = m
	cacheLock.Unlock()
}

func Forget(name string) {
	cacheLock.Lock()
	defer cacheLock.Unlock()
	delete(cache, name)
}

func Known(name string) bool {
	_, ok := cache[name] // want BPF411 "`cache` is read here without `cacheLock`"
	return ok
}

type Counter struct {
	sync.RWMutex
	counts map[uint32]int
}

func (c *Counter) Up(pid uint32) {
	c.Lock()
	c.counts[pid]++
	c.Unlock()
}

func (c *Counter) Clear(pid uint32) {
	c.Lock()
	defer c.Unlock()
	delete(c.counts, pid)
}

func (c *Counter) Has(pid uint32) bool {
	c.RLock()
	defer c.RUnlock()
	_, ok := c.counts[pid]
	return ok
}

// A read lock does not allow a write.
func (c *Counter) Down(pid uint32) {
	c.RLock()
	defer c.RUnlock()
	c.counts[pid]-- // want BPF411 "`Counter.counts` is written here under a mere read lock of `Counter.Mutex`"
}

// How many there are is no fatal error, only an old number.
func (t *Tracker) Len() int {
	return len(t.names) // want BPF411 "the number may be old"
}
