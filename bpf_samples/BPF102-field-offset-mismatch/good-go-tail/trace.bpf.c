#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct trace_header {
    __u64 timestamp;
    __s64 retval;
    char comm[16];
};

struct trace_event_t {
    struct trace_header header;
    __u64 addr;
    __u32 request;
    __u32 pid;
};

struct {
    __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
} traces SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_ptrace")
int on_ptrace(struct trace_event_raw_sys_enter *ctx)
{
    struct trace_event_t event = {};

    event.header.timestamp = bpf_ktime_get_ns();
    event.addr = ctx->args[2];
    event.request = ctx->args[0];
    event.pid = ctx->args[1];
    bpf_perf_event_output(ctx, &traces, BPF_F_CURRENT_CPU, &event, sizeof(event));
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
