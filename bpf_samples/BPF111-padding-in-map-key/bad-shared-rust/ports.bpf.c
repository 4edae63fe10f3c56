/* A key that Rust looks up too: its padding is written out on both sides, or on none. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct port_key {
	__u8 proto; /* want BPF111 "of padding (first before `address`)" */
	__u32 address; /* a hole before it */
	__u16 port;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct port_key);
	__type(value, __u64);
} ports SEC(".maps");

char LICENSE[] SEC("license") = "GPL";

SEC("tracepoint/syscalls/sys_enter_bind")
int on_bind(void *ctx)
{
	struct port_key key = { .proto = 6, .port = 80, .address = 1 };
	__u64 *seen = bpf_map_lookup_elem(&ports, &key);

	return seen && *seen;
}
