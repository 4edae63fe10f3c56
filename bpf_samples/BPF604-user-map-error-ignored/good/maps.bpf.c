// The maps that the programs of this folder use.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, u64);
} blocked SEC(".maps");

char LICENSE[] SEC("license") = "GPL";
