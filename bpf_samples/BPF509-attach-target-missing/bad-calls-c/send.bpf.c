// The section says what kind of program it is; where it is attached, the loaders say.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} sends SEC(".maps");

static __always_inline int count(void)
{
	__u32 zero = 0;
	__u64 *seen = bpf_map_lookup_elem(&sends, &zero);

	if (seen)
		*seen += 1;
	return 0;
}

SEC("kprobe")
int on_send(struct pt_regs *ctx)
{
	return count();
}

SEC("tracepoint")
int on_page(void *ctx)
{
	return count();
}

SEC("raw_tp")
int on_raw(void *ctx)
{
	return count();
}
