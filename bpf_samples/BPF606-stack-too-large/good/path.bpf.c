// Large things in maps, in static memory, or one after the other in the same place.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct event {
	__u32 pid;
	char path[600];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event);
} scratch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} events SEC(".maps");

SEC("tp/syscalls/sys_enter_unlink")
int on_unlink(struct trace_event_raw_sys_enter *ctx)
{
	static char last[1024];
	__u32 zero = 0;
	struct event *event = bpf_map_lookup_elem(&scratch, &zero);

	if (!event)
		return 0;
	bpf_probe_read_user_str(event->path, sizeof(event->path), (void *)ctx->args[0]);
	bpf_probe_read_user_str(last, sizeof(last), (void *)ctx->args[0]);
	return 0;
}

SEC("tp/syscalls/sys_enter_rename")
int on_rename(struct trace_event_raw_sys_enter *ctx)
{
	{
		char from[300] = {};

		bpf_probe_read_user_str(from, sizeof(from), (void *)ctx->args[0]);
		bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, from, sizeof(from));
	}
	{
		char to[300] = {};

		bpf_probe_read_user_str(to, sizeof(to), (void *)ctx->args[1]);
		bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, to, sizeof(to));
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
