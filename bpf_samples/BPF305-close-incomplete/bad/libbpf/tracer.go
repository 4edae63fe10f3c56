package tracer

/*
#include <bpf/libbpf.h>
#include "flows.skel.h"

int on_flow(void *ctx, void *data, size_t size);
*/
import "C"

import (
	"errors"
	"unsafe"
)

// Tracer holds what libbpf gave it.
type Tracer struct {
	skel *C.struct_flows_bpf
	ring *C.struct_ring_buffer
	done chan struct{}
}

func New() (*Tracer, error) {
	skel := C.flows_bpf__open_and_load()
	if skel == nil {
		return nil, errors.New("open and load")
	}
	if C.flows_bpf__attach(skel) != 0 {
		C.flows_bpf__destroy(skel)
		return nil, errors.New("attach")
	}
	ring := C.ring_buffer__new(C.bpf_map__fd(skel.maps.flows), (C.ring_buffer_sample_fn)(unsafe.Pointer(C.on_flow)), nil, nil)
	if ring == nil {
		C.flows_bpf__destroy(skel)
		return nil, errors.New("ring buffer")
	}
	return &Tracer{skel: skel, ring: ring, done: make(chan struct{})}, nil
}

func (t *Tracer) Close() { // want BPF305 "leaves `ring` open"
	close(t.done)
	C.flows_bpf__destroy(t.skel)
}
