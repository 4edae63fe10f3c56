#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} sums SEC(".maps");

static long add(__u32 index, __u64 *sum)
{
	*sum += index;
	return 0;
}

static __always_inline __u64 summed(__u32 count)
{
	__u64 sum = 0;

	bpf_loop(count, add, &sum, 0); // want BPF501 "`bpf_loop()` is not available to `on_packet` in Linux 5.10 (x86_64)"
	return sum;
}

SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	__u64 sum = summed(64);
	__u32 zero = 0;

	bpf_map_update_elem(&sums, &zero, &sum, BPF_ANY);
	return XDP_PASS;
}

/* s390x keeps user and kernel addresses in spaces of their own: the reader for both is not there. */
SEC("kprobe/do_unlinkat")
int BPF_KPROBE(on_unlink, int dfd, struct filename *name)
{
	char letter = 0;

	bpf_probe_read(&letter, sizeof(letter), &name->name); // want BPF501 "in Linux 6.12 (s390x)"
	return letter == 'x';
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	return bpf_get_attach_cookie(ctx) == 7; // want BPF501 "`bpf_get_attach_cookie()` is not available to `on_switch` in Linux 5.10 (x86_64)"
}
