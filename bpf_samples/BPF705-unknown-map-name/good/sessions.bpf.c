// Keeps the sessions for the programs that this is linked with.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} sessions SEC(".maps");

__noinline int keep_session(__u32 address)
{
	__u64 now = bpf_ktime_get_ns();

	return bpf_map_update_elem(&sessions, &address, &now, BPF_ANY) != 0;
}
