// Events that a ring buffer would keep in order. An array of counters is something else.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} events SEC(".maps"); // want BPF905 "`events` is a perf buffer"

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} counters SEC(".maps");

SEC("tp/sched/sched_process_exit")
int on_exit(void *ctx)
{
	__u64 cycles = bpf_perf_event_read(&counters, BPF_F_CURRENT_CPU);

	if (bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &cycles, sizeof(cycles)))
		bpf_printk("an event was lost");
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
