package tracer

/*
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "flows.skel.h"

typedef unsigned int count_t;
*/
import "C"

import (
	"errors"

	"golang.org/x/sys/unix"
)

func start() error {
	skel := C.flows_bpf__open_and_load()
	if skel == nil {
		return errors.New("open and load")
	}
	defer C.flows_bpf__destroy(skel)
	if C.flows_bpf__attach(skel) != 0 {
		return errors.New("attach")
	}
	return nil
}

func count(id C.__u32, key C.__u32, n uint32) error {
	fd, err := C.bpf_map_get_fd_by_id(id)
	if err != nil {
		return err
	}
	defer unix.Close(int(fd))
	value := C.count_t(n) // a conversion
	if C.bpf_map_update_elem(fd, pointer(&key), pointer(&value), C.BPF_ANY) != 0 {
		return errors.New("update")
	}
	return nil
}

// Handed on: the caller closes it.
func pinned(path *C.char) (int, error) {
	fd := C.bpf_obj_get(path)
	if fd < 0 {
		return 0, errors.New("no such pin")
	}
	return int(fd), nil
}
