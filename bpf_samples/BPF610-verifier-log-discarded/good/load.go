// Package agent prints the whole log, or leaves the error to its caller.
package agent

import (
	"errors"
	"fmt"
	"log"

	"github.com/cilium/ebpf"
)

type objects struct{ Events *ebpf.Map }

func Load(spec *ebpf.CollectionSpec) *objects {
	var objs objects
	if err := spec.LoadAndAssign(&objs, nil); err != nil {
		var ve *ebpf.VerifierError
		if errors.As(err, &ve) {
			log.Fatalf("load: %+v", ve)
		}
		log.Fatalf("load: %v", err)
	}
	return &objs
}

func LoadProgram(spec *ebpf.ProgramSpec) (*ebpf.Program, error) {
	prog, err := ebpf.NewProgram(spec)
	if err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	return prog, nil
}

func LoadAll(spec *ebpf.CollectionSpec) *ebpf.Collection {
	coll, err := ebpf.NewCollection(spec)
	if err != nil {
		log.Fatalf("load: %+v", err)
	}
	return coll
}

// Another error of the same name.
func Show(m *ebpf.Map) {
	info, err := m.Info()
	if err != nil {
		log.Printf("info: %v", err)
		return
	}
	log.Print(info)
}
