// Arrays are overwritten, hashes have entries that come and go, and locks stand where they may.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct scratch { u64 start; u32 port; u32 len; };
struct guarded { struct bpf_spin_lock lock; u32 state; };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct scratch);
} scratch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__uint(map_flags, BPF_F_RDONLY);
	__type(key, u32);
	__type(value, struct guarded);
} states SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 16);
	__uint(key_size, sizeof(u32));
	__uint(value_size, 127 * sizeof(u64));
} stacks SEC(".maps");

static __always_inline void forget(void *map, const void *key)
{
	bpf_map_delete_elem(map, key);
}

SEC("kprobe/udp_sendmsg")
int on_send(void *ctx)
{
	struct scratch fresh = { .start = bpf_ktime_get_ns() };
	struct guarded first = {};
	u32 zero = 0;

	bpf_map_update_elem(&scratch, &zero, &fresh, BPF_EXIST);
	bpf_map_update_elem(&states, &zero, &first, BPF_NOEXIST);
	return 0;
}

SEC("kretprobe/udp_sendmsg")
int on_return(void *ctx)
{
	u32 zero = 0, stack = bpf_get_stackid(ctx, &stacks, 0);

	forget(&states, &zero);
	bpf_map_delete_elem(&stacks, &stack);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
