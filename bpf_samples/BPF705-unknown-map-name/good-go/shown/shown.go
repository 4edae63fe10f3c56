// Package shown reads the totals of whatever collection its caller has loaded.
package shown

import "github.com/cilium/ebpf"

//go:generate go run github.com/cilium/ebpf/cmd/bpf2go flows ../flows.bpf.c

// Totals returns the map of totals, nil where there is none.
func Totals(coll *ebpf.Collection) *ebpf.Map {
	return coll.Maps["totals"]
}
