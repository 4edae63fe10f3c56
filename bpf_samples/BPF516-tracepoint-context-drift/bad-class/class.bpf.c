// The record of another event of the same kind: copied with the program above it.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u64);
} resets SEC(".maps");

static __always_inline int count(__u64 key)
{
	__u64 one = 1;

	bpf_map_update_elem(&resets, &key, &one, BPF_ANY);
	return 0;
}

SEC("tracepoint/tcp/tcp_receive_reset")
int received(struct trace_event_raw_tcp_probe *ctx)
{
	return count(ctx->sport); // want BPF516 "`ctx->sport` is read at byte 64 of `struct trace_event_raw_tcp_probe`, another event's record: that of tcp/tcp_receive_reset is `struct trace_event_raw_tcp_event_sk`, with it at byte 16"
}

SEC("tp/sched/sched_process_exec")
int executed(struct trace_event_raw_sched_process_fork *ctx)
{
	__u64 key = ctx->child_pid, one = 1; // want BPF516 "that of sched/sched_process_exec is `struct trace_event_raw_sched_process_exec`, with no such field"

	bpf_map_update_elem(&resets, &key, &one, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
