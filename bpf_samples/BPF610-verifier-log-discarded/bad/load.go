// Package agent prints the last line of the verifier's log.
package agent

import (
	"fmt"
	"log"
	"os"

	"github.com/cilium/ebpf"
)

type objects struct{ Events *ebpf.Map }

func Load(spec *ebpf.CollectionSpec) *objects {
	var objs objects
	if err := spec.LoadAndAssign(&objs, nil); err != nil {
		log.Fatalf("load: %v", err) // want BPF610 "prints the end of the verifier's log only"
	}
	return &objs
}

func LoadOne(spec *ebpf.ProgramSpec) *ebpf.Program {
	prog, err := ebpf.NewProgram(spec)
	if err != nil {
		log.Fatalf("load: %v", err) // want BPF610 "Fatalf()"
	}
	return prog
}

func LoadProgram(spec *ebpf.ProgramSpec) *ebpf.Program {
	prog, err := ebpf.NewProgram(spec)
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err) // want BPF610 "Fprintln()"
		os.Exit(1)
	}
	return prog
}
