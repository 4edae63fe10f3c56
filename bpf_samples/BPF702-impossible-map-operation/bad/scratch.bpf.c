// A per-CPU array treated like a hash: entries are to come and go.
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
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, u32);
	__type(value, u64);
} settings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 16);
	__type(key, u32);
	__type(value, struct guarded); // want BPF702 "holds a `struct bpf_spin_lock`"
} states SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 16);
	__uint(key_size, sizeof(u32));
	__uint(value_size, 127 * sizeof(u64));
} stacks SEC(".maps");

#define CREATE(map, key, value) bpf_map_update_elem(&(map), &(key), &(value), BPF_NOEXIST)

static __always_inline void drop(void *map, u32 key)
{
	bpf_map_delete_elem(map, &key);
}

static __always_inline void forget(void *map, const void *key)
{
	bpf_map_delete_elem(map, key);
}

SEC("kprobe/udp_sendmsg")
int on_send(void *ctx)
{
	struct scratch fresh = { .start = bpf_ktime_get_ns() };
	u32 zero = 0;
	u64 one = 1;

	bpf_map_update_elem(&scratch, &zero, &fresh, BPF_NOEXIST); // want BPF702 "BPF_NOEXIST always fails with EEXIST"
	CREATE(scratch, zero, fresh); // want BPF702 "all its entries exist"
	bpf_map_update_elem(&settings, &zero, &one, BPF_ANY); // want BPF702 "BPF_F_RDONLY_PROG"
	return 0;
}

SEC("kretprobe/udp_sendmsg")
int on_return(void *ctx)
{
	u32 zero = 0;

	bpf_map_delete_elem(&scratch, &zero); // want BPF702 "always fails with EINVAL"
	forget(&scratch, &zero); // want BPF702 "cannot be deleted"
	drop(&scratch, 0); // want BPF702 "cannot be deleted"
	bpf_map_lookup_elem(&stacks, &zero); // want BPF702 "the verifier refuses the call"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
