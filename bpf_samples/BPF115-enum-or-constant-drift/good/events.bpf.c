#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

enum event_type {
    EVENT_OPEN,
    EVENT_READ,
    EVENT_WRITE,
    EVENT_SYNC,
    EVENT_CLOSE,
};

struct event {
    __u32 type;
    __u32 pid;
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 64 * 1024);
} events SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_close")
int on_close(void *ctx)
{
    struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

    if (!e)
        return 0;
    e->type = EVENT_CLOSE;
    e->pid = bpf_get_current_pid_tgid() >> 32;
    bpf_ringbuf_submit(e, 0);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
