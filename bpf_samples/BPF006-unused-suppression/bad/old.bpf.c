#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32); /* bpflint: ignore[BPF704] was u16 once - want BPF006 "BPF704" */
	__type(value, __u64);
} counts SEC(".maps");
