// More than the 512 bytes that a BPF program has for its stack.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct event {
	__u32 pid;
	char path[600];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} events SEC(".maps");

SEC("tp/syscalls/sys_enter_unlink")
int on_unlink(struct trace_event_raw_sys_enter *ctx)
{
	struct event event = {}; // want BPF606 "`event` takes 604 bytes"

	event.pid = bpf_get_current_pid_tgid() >> 32;
	bpf_probe_read_user_str(event.path, sizeof(event.path), (void *)ctx->args[0]);
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}

SEC("tp/syscalls/sys_enter_rename")
int on_rename(struct trace_event_raw_sys_enter *ctx)
{
	char from[256] = {};
	char to[300] = {}; // want BPF606 "`from` (256), `to` (300) take 556 bytes together"

	bpf_probe_read_user_str(from, sizeof(from), (void *)ctx->args[0]);
	bpf_probe_read_user_str(to, sizeof(to), (void *)ctx->args[1]);
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, from, sizeof(from));
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, to, sizeof(to));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
