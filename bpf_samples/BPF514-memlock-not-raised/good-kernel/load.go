package main

import (
	"fmt"

	"github.com/cilium/ebpf"
)

type tracer struct {
	coll *ebpf.Collection
}

func newTracer(path string) (*tracer, error) {
	spec, err := ebpf.LoadCollectionSpec(path)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	coll, err := ebpf.NewCollection(spec)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", path, err)
	}
	return &tracer{coll: coll}, nil
}

func (t *tracer) Close() {
	t.coll.Close()
}
