package read

import "github.com/cilium/ebpf"

func counts(spec *ebpf.CollectionSpec) (n uint64, err error) {
	coll, err := ebpf.NewCollection(spec)
	if err != nil {
		return 0, err
	}
	coll.Close()
	err = coll.Maps["counts"].Lookup(uint32(0), &n) // want BPF304 "`coll` from ebpf.NewCollection() is used here, but line 10 closed it"
	return n, err
}

func drop(id ebpf.MapID, key uint32) error {
	m, err := ebpf.NewMapFromID(id)
	if err != nil {
		return err
	}
	if err := m.Close(); err != nil {
		return err
	}
	return m.Delete(key) // want BPF304 "`m` from ebpf.NewMapFromID() is used here, but line 20 closed it"
}
