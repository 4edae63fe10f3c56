#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

/* As it was until 6.18. */
struct task_struct___wide {
	int on_cpu;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u64);
} depths SEC(".maps");

SEC("tp_btf/block_rq_issue")
int BPF_PROG(on_issue, struct request *rq)
{
	__u64 key = (__u64)rq, depth = BPF_CORE_READ(rq, q, nr_requests); // want BPF506 "`struct request_queue.nr_requests` has 4 bytes here and 8 in Linux 5.10 (x86_64): only a part of it is read"

	bpf_map_update_elem(&depths, &key, &depth, BPF_ANY);
	return 0;
}

SEC("tp_btf/net_dev_xmit")
int BPF_PROG(on_xmit, struct sk_buff *skb)
{
	struct net_device *dev = BPF_CORE_READ(skb, dev);
	__u64 key = (__u64)dev, seen;
	unsigned int state = 0;

	bpf_core_read(&state, sizeof(state), &dev->operstate); // want BPF506 "has 4 bytes here and 1 in Linux 5.10 (x86_64): what stands behind it is read as well"
	seen = state;
	bpf_map_update_elem(&depths, &key, &seen, BPF_ANY);
	return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	struct task_struct___wide *wide = (void *)prev;
	__u64 key = prev->pid, running = wide->on_cpu; // want BPF506 "has 4 bytes here and 1 in Linux 7.3 (arm64, x86_64): the load of a signed number cannot be adjusted"

	bpf_map_update_elem(&depths, &key, &running, BPF_ANY);
	return 0;
}
