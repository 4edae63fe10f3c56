/* Counts by process and kind; the key has a tail that nobody sets. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct pid_key {
	__u32 pid;
	__u8 kind; /* want BPF111 "has 3 bytes of padding (first of tail); `key` in `count()` is set by an initialiser list" */
};
struct mark_key {
	__u32 mark;
	__u8 family; /* want BPF111 "has 3 bytes of padding (first of tail); `key` in `remember()` is set by an initialiser list" */
};
struct dst_key {
	__u8 proto;
	__u32 address;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct pid_key);
	__type(value, __u64);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct dst_key);
	__type(value, __u64);
} flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct mark_key);
	__type(value, __u64);
} marks SEC(".maps");

char LICENSE[] SEC("license") = "GPL";

SEC("tracepoint/syscalls/sys_enter_openat")
int count(void *ctx)
{
	struct pid_key key = { .pid = bpf_get_current_pid_tgid() >> 32, .kind = 2 };
	__u64 *seen = bpf_map_lookup_elem(&counts, &key);

	return seen && *seen;
}

SEC("tracepoint/syscalls/sys_enter_connect")
int note(void *ctx)
{
	struct dst_key flow;

	flow.proto = 6;
	flow.address = 1;
	return bpf_map_lookup_elem(&flows, &flow) != 0; /* want BPF112 "bytes 1..3 (hole after `proto`)" */
}

SEC("cgroup_skb/egress")
int remember(struct __sk_buff *skb)
{
	struct mark_key key = { .mark = skb->len, .family = skb->family };
	__u64 one = 1;

	bpf_map_update_elem(&marks, &key, &one, BPF_ANY);
	return 1;
}
