package read

import "github.com/cilium/ebpf"

// What is returned is read before the collection is closed.
func total(spec *ebpf.CollectionSpec) (n uint64, err error) {
	coll, err := ebpf.NewCollection(spec)
	if err != nil {
		return 0, err
	}
	defer coll.Close()
	return n, coll.Maps["counts"].Lookup(uint32(0), &n)
}

// The map is taken out of the collection first: Close() does not find it there.
func taken(spec *ebpf.CollectionSpec) (*ebpf.Map, error) {
	coll, err := ebpf.NewCollection(spec)
	if err != nil {
		return nil, err
	}
	defer coll.Close()
	return coll.DetachMap("counts"), nil
}

func removed(spec *ebpf.CollectionSpec) (*ebpf.Map, error) {
	coll, err := ebpf.NewCollection(spec)
	if err != nil {
		return nil, err
	}
	defer coll.Close()
	counts := coll.Maps["counts"]
	delete(coll.Maps, "counts")
	return counts, nil
}

// Closed only where loading goes wrong.
func kept(spec *ebpf.CollectionSpec) (_ map[string]*ebpf.Map, err error) {
	coll, err := ebpf.NewCollection(spec)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			coll.Close()
		}
	}()
	if err = coll.Maps["counts"].Put(uint32(0), uint64(1)); err != nil {
		return nil, err
	}
	return coll.Maps, nil
}

// A clone has a descriptor of its own.
func clone(id ebpf.MapID) (*ebpf.Map, error) {
	m, err := ebpf.NewMapFromID(id)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	return m.Clone()
}
