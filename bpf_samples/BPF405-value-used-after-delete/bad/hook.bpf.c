// A macro makes the whole program out of statements: what is said of one stands at its own line.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, u64);
	__type(value, u64);
} starts SEC(".maps");

#define HOOK(name, statements)                                                                                        \
	SEC("kprobe/" #name) int on_##name(struct pt_regs *ctx)                                                        \
	{                                                                                                              \
		u64 at = (u64)ctx;                                                                                     \
		statements                                                                                             \
	}

HOOK(vfs_read,
	u64 *start = bpf_map_lookup_elem(&starts, &at);

	if (start) {
		bpf_map_delete_elem(&starts, &at);
		bpf_printk("%llu", *start); // want BPF405 "`*start` is used after its entry of `starts` was deleted"
	}
	return 0;
)

char LICENSE[] SEC("license") = "GPL";
