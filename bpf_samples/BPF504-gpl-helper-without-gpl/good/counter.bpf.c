// Not GPL, and in no need of it: unrestricted helpers only, and one function that no program calls.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} packets SEC(".maps");

static __always_inline void debug(u64 count)
{
	bpf_printk("%llu packets", count);
}

SEC("xdp")
int count(struct xdp_md *ctx)
{
	u32 zero = 0;
	u64 *total = bpf_map_lookup_elem(&packets, &zero);

	if (total)
		*total += 1;
	return bpf_get_prandom_u32() ? XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "Apache-2.0";
