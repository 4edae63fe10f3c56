package counts

import (
	"errors"
	"log"

	"github.com/cilium/ebpf"
)

type counter struct {
	m *ebpf.Map
}

func (c *counter) ensure(pid uint32) error {
	var count uint64
	err := c.m.Lookup(pid, &count)
	if errors.Is(err, ebpf.ErrKeyNotExist) {
		return c.m.Put(pid, uint64(0))
	}
	return err
}

func (c *counter) get(pid uint32) (uint64, error) {
	var count uint64
	if err := c.m.Lookup(pid, &count); err != nil {
		if errors.Is(err, ebpf.ErrKeyNotExist) {
			return 0, nil
		}
		return 0, err
	}
	return count, nil
}

// has answers a question; whoever wants the reason asks get.
func (c *counter) has(pid uint32) bool {
	var count uint64
	if err := c.m.Lookup(pid, &count); err != nil {
		return false
	}
	return true
}

// show tells what went wrong and goes on.
func (c *counter) show(pids []uint32) ([]uint64, error) {
	var counts []uint64
	for _, pid := range pids {
		var count uint64
		if err := c.m.Lookup(pid, &count); err != nil {
			log.Printf("pid %d: %v", pid, err)
			continue
		}
		counts = append(counts, count)
	}
	return counts, nil
}
