package read

import "github.com/cilium/ebpf"

// The caller is given maps that are closed by then.
func load(spec *ebpf.CollectionSpec) (map[string]*ebpf.Map, error) {
	coll, err := ebpf.NewCollection(spec)
	if err != nil {
		return nil, err
	}
	defer coll.Close()
	if err := coll.Maps["counts"].Put(uint32(0), uint64(1)); err != nil {
		return nil, err
	}
	return coll.Maps, nil // want BPF304 "is returned here, but the deferred call of line 11 closes it first"
}

type table struct {
	counts *ebpf.Map
}

func open(id ebpf.MapID) (*table, error) {
	m, err := ebpf.NewMapFromID(id)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	return &table{counts: m}, nil // want BPF304 "`m` from ebpf.NewMapFromID(), or a part of it, is returned here"
}
