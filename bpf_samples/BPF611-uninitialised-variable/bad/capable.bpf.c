// Filters capability checks by mount namespace, whose id nobody reads.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct check { u64 mntns_id; u32 cap; u32 unused; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct check);
	__type(value, u64);
} seen SEC(".maps");

#define CHECK(ns, number) { .mntns_id = (ns), .cap = (number) }

static __always_inline bool is_new(u64 ns, u32 cap)
{
	struct check key = CHECK(ns, cap);
	return !bpf_map_lookup_elem(&seen, &key);
}

SEC("kprobe/cap_capable")
int on_capable(void *ctx)
{
	u64 mntns_id, now = bpf_ktime_get_ns();
	u32 cap;
	struct check key = CHECK(mntns_id, 3); // want BPF611 "`mntns_id` is read here, but nothing has set it"

	if (is_new(now, cap)) // want BPF611 "`cap` is read here"
		bpf_map_update_elem(&seen, &key, &now, BPF_ANY); // want BPF112 "bytes 0..7 (`mntns_id`)"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
