#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

/* As it was in older kernels. */
struct request_queue___wide {
	unsigned long nr_requests;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u64);
} depths SEC(".maps");

/* The loader widens or narrows the load of an unsigned number. */
SEC("tp_btf/block_rq_issue")
int BPF_PROG(on_issue, struct request *rq)
{
	struct request_queue___wide *wide = (void *)rq->q;
	__u64 key = (__u64)rq, depth = rq->q->nr_requests + wide->nr_requests;

	bpf_map_update_elem(&depths, &key, &depth, BPF_ANY);
	return 0;
}

/* The program asks for the size and reads so much. */
SEC("tp_btf/net_dev_xmit")
int BPF_PROG(on_xmit, struct sk_buff *skb)
{
	struct net_device *dev = BPF_CORE_READ(skb, dev);
	__u64 key = (__u64)dev, state = 0;

	if (bpf_core_field_size(dev->operstate) == 1)
		bpf_core_read(&state, 1, &dev->operstate);
	else
		bpf_core_read(&state, 4, &dev->operstate);
	bpf_map_update_elem(&depths, &key, &state, BPF_ANY);
	return 0;
}

/* A bitfield that moved, and arrays and records whose own size nobody reads. */
SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	__u64 key = prev->pid, value = prev->in_iowait;

	value += BPF_CORE_READ_BITFIELD_PROBED(next, in_iowait);
	value += (__u64)&next->se + next->comm[2];
	bpf_map_update_elem(&depths, &key, &value, BPF_ANY);
	return 0;
}
