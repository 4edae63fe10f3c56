// Reads its own object, and one that is named when the tool runs.
package main

import (
	"fmt"
	"os"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/rlimit"

	"example.com/flows/shown"
)

func main() {
	if err := rlimit.RemoveMemlock(); err != nil {
		panic(err)
	}
	path := os.Args[1]
	spec, err := ebpf.LoadCollectionSpec(path)
	if err != nil {
		panic(err)
	}
	chosen, err := ebpf.NewCollection(spec)
	if err != nil {
		panic(err)
	}
	defer chosen.Close()
	fmt.Println(spec.Maps["sessions"], chosen.Maps["sessions"], shown.Totals(chosen))

	own, err := ebpf.LoadCollection("build/flows.bpf.o")
	if err != nil {
		panic(err)
	}
	defer own.Close()
	fmt.Println(own.Maps["flows"])
}
