package probe

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go -target amd64 -type event probe probe.bpf.c

func latest(maps *probeMaps, pid uint32) (probeEvent, error) {
	var e probeEvent
	err := maps.Last.Lookup(&pid, &e)
	return e, err
}
