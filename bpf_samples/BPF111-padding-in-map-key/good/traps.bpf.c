/* Keys without padding, cleared keys, a copied key, and padding where it does not count. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct explicit {
	__u32 pid;
	__u8 kind;
	__u8 pad[3];
};
struct loose {
	__u32 pid;
	__u8 kind;
};
struct packed {
	__u8 kind;
	__u64 address;
} __attribute__((packed));

#define HASH(name, key_type) \
	struct { \
		__uint(type, BPF_MAP_TYPE_HASH); \
		__uint(max_entries, 64); \
		__type(key, key_type); \
		__type(value, __u64); \
	} name SEC(".maps")

HASH(by_explicit, struct explicit);
HASH(by_loose, struct loose);
HASH(by_packed, struct packed);

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct loose);
} last SEC(".maps");

char LICENSE[] SEC("license") = "GPL";

SEC("tracepoint/syscalls/sys_enter_openat")
int count(void *ctx)
{
	struct explicit explicit = { .pid = 1 };
	struct packed packed = { .kind = 1 };
	struct loose cleared, empty = {}, copied;
	__u32 zero = 0;
	struct loose *stored = bpf_map_lookup_elem(&last, &zero);

	if (!stored)
		return 0;
	copied = *stored;
	__builtin_memset(&cleared, 0, sizeof(cleared));
	cleared.pid = 1;
	empty.kind = 2;
	if (bpf_map_lookup_elem(&by_loose, &cleared) || bpf_map_lookup_elem(&by_loose, &empty))
		return 1;
	if (bpf_map_lookup_elem(&by_loose, &copied) || bpf_map_lookup_elem(&by_packed, &packed))
		return 1;
	return bpf_map_lookup_elem(&by_explicit, &explicit) != 0;
}
