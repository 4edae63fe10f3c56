// A program that only a test loads.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} hits SEC(".maps");

SEC("kprobe/vfs_unlink")
int on_unlink(void *ctx)
{
	u32 key = 0;
	u64 *hit = bpf_map_lookup_elem(&hits, &key);

	if (hit)
		(*hit)++; // want BPF401 "`*hit` is changed without an atomic operation"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
