// Reads the map of its own object by a name that it had once, and another object's beside it.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/rlimit"
)

func show(coll *ebpf.Collection) {
	fmt.Println(coll.Maps["flow"]) // want BPF705 "`flows.bpf.c` defines no map `flow`; did you mean `flows`?"
}

func main() {
	if err := rlimit.RemoveMemlock(); err != nil {
		panic(err)
	}
	path := filepath.Join(os.Args[1], "flows.bpf.o")
	own, err := ebpf.LoadCollection(path)
	if err != nil {
		panic(err)
	}
	defer own.Close()
	show(own)
	fmt.Println(own.Maps["packets"]) // want BPF705 "`flows.bpf.c` defines no map `packets`; it has `flows`"
}
