package policies

import (
	"fmt"

	"github.com/cilium/ebpf"
)

func count(outer *ebpf.Map) (int, error) {
	var key, id uint32
	n := 0
	it := outer.Iterate()
	for it.Next(&key, &id) {
		inner, err := ebpf.NewMapFromID(ebpf.MapID(id))
		if err != nil {
			return 0, fmt.Errorf("inner map: %w", err)
		}
		defer inner.Close() // want BPF306 "`inner` from ebpf.NewMapFromID() is opened in a loop, but this Close() runs only when the function returns"
		if inner.MaxEntries() > 0 {
			n++
		}
	}
	return n, it.Err()
}
