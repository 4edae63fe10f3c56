// Events that share their class's record, or have one of their own.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u64);
} seen SEC(".maps");

static __always_inline int count(__u64 key)
{
	__u64 one = 1;

	bpf_map_update_elem(&seen, &key, &one, BPF_ANY);
	return 0;
}

SEC("tracepoint/tcp/tcp_receive_reset")
int received(struct trace_event_raw_tcp_event_sk *ctx)
{
	return count((__u64)ctx->skaddr);
}

SEC("tp/sched/sched_wakeup")
int woken(struct trace_event_raw_sched_wakeup_template *ctx)
{
	return count(ctx->pid);
}

SEC("tp/irq/softirq_entry")
int softirq(struct trace_event_raw_softirq *ctx)
{
	return count(ctx->vec);
}

SEC("tp/sched/sched_process_exec")
int executed(struct trace_event_raw_sched_process_exec *ctx)
{
	return count(ctx->pid);
}

/* `ent` lies at the start of every record. */
SEC("tp/sched/sched_process_exit")
int left(struct trace_event_raw_sched_process_fork *ctx)
{
	return count(ctx->ent.pid);
}

char LICENSE[] SEC("license") = "GPL";
