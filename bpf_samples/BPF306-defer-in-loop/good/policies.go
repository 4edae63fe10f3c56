package policies

import (
	"github.com/cilium/ebpf"
)

func count(outer *ebpf.Map) (int, error) {
	var key, id uint32
	n := 0
	it := outer.Iterate()
	for it.Next(&key, &id) {
		inner, err := ebpf.NewMapFromID(ebpf.MapID(id))
		if err != nil {
			return 0, err
		}
		if inner.MaxEntries() > 0 {
			n++
		}
		inner.Close()
	}
	return n, it.Err()
}

// The deferred call belongs to the function literal, which returns in each turn.
func perTurn(ids []ebpf.MapID) error {
	for _, id := range ids {
		err := func() error {
			m, err := ebpf.NewMapFromID(id)
			if err != nil {
				return err
			}
			defer m.Close()
			return m.Freeze()
		}()
		if err != nil {
			return err
		}
	}
	return nil
}

// The first that fits is the last that is opened.
func first(ids []ebpf.MapID) error {
	for _, id := range ids {
		if id == 0 {
			continue
		}
		m, err := ebpf.NewMapFromID(id)
		if err != nil {
			return err
		}
		defer m.Close()
		return m.Freeze()
	}
	return nil
}
