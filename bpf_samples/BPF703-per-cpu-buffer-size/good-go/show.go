package counts

import "github.com/cilium/ebpf"

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go counts counts.bpf.c

type totals struct {
	Packets uint64
	Bytes   uint64
}

func all(objs *ebpf.Collection) (uint64, error) {
	var perCPU []totals
	if err := objs.Maps["totals"].Lookup(uint32(0), &perCPU); err != nil {
		return 0, err
	}
	var packets uint64
	for _, t := range perCPU {
		packets += t.Packets
	}
	return packets, nil
}

func clear(objs *ebpf.Collection, cpus int) error {
	return objs.Maps["totals"].Put(uint32(0), make([]totals, cpus))
}

func dropped(objs *ebpf.Collection) (map[uint32][]uint32, error) {
	var reason uint32
	var counts []uint32
	found := map[uint32][]uint32{}
	it := objs.Maps["drops"].Iterate()
	for it.Next(&reason, &counts) {
		found[reason] = append([]uint32(nil), counts...)
	}
	return found, it.Err()
}
