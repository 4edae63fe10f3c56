package tracer

/*
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "flows.skel.h"
*/
import "C"

import (
	"errors"

	"golang.org/x/sys/unix"
)

func start(handle func(*C.struct_flows_bpf) error) error {
	skel := C.flows_bpf__open_and_load() // want BPF302 "`skel` from C.flows_bpf__open_and_load() stays open"
	if skel == nil {
		return errors.New("open and load")
	}
	if C.flows_bpf__attach(skel) != 0 {
		return errors.New("attach")
	}
	C.flows_bpf__destroy(skel)
	return nil
}

func count(id C.__u32, key, value C.__u32) error {
	fd, err := C.bpf_map_get_fd_by_id(id) // want BPF302 "`fd` from C.bpf_map_get_fd_by_id() stays open"
	if err != nil {
		return err
	}
	if C.bpf_map_update_elem(fd, pointer(&key), pointer(&value), C.BPF_ANY) != 0 {
		return errors.New("update")
	}
	return unix.Close(int(fd))
}
