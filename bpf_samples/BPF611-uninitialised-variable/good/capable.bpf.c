// Variables without an initialiser that something sets before they are read.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct check { u64 mntns_id; u32 cap; u32 unused; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct check);
	__type(value, u64);
} seen SEC(".maps");

struct cred___new { u64 ucounts_id; } __attribute__((preserve_access_index));

static __always_inline void read_ns(u64 *ns)
{
	*ns = 7;
}

SEC("kprobe/cap_capable")
int on_capable(void *ctx)
{
	u64 mntns_id, now;
	u32 cap, size;
	struct check key = {};

	struct cred___new *asked;
	if (bpf_core_field_exists(asked->ucounts_id))
		return 0;
	read_ns(&mntns_id);
	bpf_probe_read_kernel(&cap, sizeof(cap), ctx);
	size = sizeof(size);
	now = bpf_ktime_get_ns() + size;
	key.mntns_id = mntns_id;
	key.cap = cap;
	bpf_map_update_elem(&seen, &key, &now, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
