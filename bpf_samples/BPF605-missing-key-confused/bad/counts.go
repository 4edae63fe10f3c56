package counts

import "github.com/cilium/ebpf"

type counter struct {
	m *ebpf.Map
}

func (c *counter) ensure(pid uint32) error {
	var count uint64
	if err := c.m.Lookup(pid, &count); err != nil { // want BPF605 "the key is written anew"
		return c.m.Put(pid, uint64(0))
	}
	return nil
}

func (c *counter) get(pid uint32) (uint64, error) {
	var count uint64
	err := c.m.Lookup(pid, &count) // want BPF605 "the function reports success"
	if err != nil {
		return 0, nil
	}
	return count, nil
}
