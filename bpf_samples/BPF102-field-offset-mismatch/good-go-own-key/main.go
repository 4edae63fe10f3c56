package main

import (
	"fmt"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/rlimit"
)

// A key of the process's own map, which no program sees.
type threadKey struct {
	Pid int32
	Ns  uint32
}

type tracker struct {
	names map[threadKey]string
}

func main() {
	if err := rlimit.RemoveMemlock(); err != nil {
		panic(err)
	}
	coll, err := ebpf.LoadCollection("forks.bpf.o")
	if err != nil {
		panic(err)
	}
	defer coll.Close()
	known := tracker{names: map[threadKey]string{}}
	known.names[threadKey{Pid: 1, Ns: 4026531836}] = "init"
	fmt.Println(known.names)
}
