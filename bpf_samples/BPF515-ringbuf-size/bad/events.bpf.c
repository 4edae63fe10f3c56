// Ring buffers of odd sizes.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 10000);
} events SEC(".maps"); // want BPF515 "`events` has 10000 bytes"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 3 * 4096);
} triples SEC(".maps"); // want BPF515 "for instance 16384"

struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 4096);
} requests SEC(".maps"); // want BPF515 on=ppc64le "too small for kernels with pages of 64 KiB"

char LICENSE[] SEC("license") = "GPL";
