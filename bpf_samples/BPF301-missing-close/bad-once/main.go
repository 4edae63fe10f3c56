// Command once asks three questions of a map.
package main

import (
	"log"
	"os"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/rlimit"
	"github.com/containernetworking/cni/pkg/skel"
	"github.com/containernetworking/cni/pkg/version"
)

// Called once, and the process ends.
func run(spec *ebpf.CollectionSpec) error {
	coll, err := ebpf.NewCollection(spec) // want BPF301 "`coll` from ebpf.NewCollection() is never closed"
	if err != nil {
		return err
	}
	var n uint64
	return coll.Maps["x"].Lookup(uint32(0), &n)
}

// Called in a loop: each turn leaks.
func often(spec *ebpf.CollectionSpec) error {
	coll, err := ebpf.NewCollection(spec) // want BPF301 "`coll` from ebpf.NewCollection() is never closed"
	if err != nil {
		return err
	}
	var n uint64
	return coll.Maps["x"].Lookup(uint32(0), &n)
}

// A plugin runs one command and ends.
func add(args *skel.CmdArgs) error {
	m, err := ebpf.LoadPinnedMap(args.Path, nil) // want BPF301 "`m` from ebpf.LoadPinnedMap() is never closed"
	if err != nil {
		return err
	}
	var n uint64
	return m.Lookup(uint32(0), &n)
}

func main() {
	_ = rlimit.RemoveMemlock()
	if err := run(nil); err != nil {
		log.Fatal(err)
	}
	for range os.Args {
		_ = often(nil)
	}
	skel.PluginMain(add, nil, nil, version.All, "x")
}
