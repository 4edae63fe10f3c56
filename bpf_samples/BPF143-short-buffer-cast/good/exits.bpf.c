#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct exit {
    __u64 ts;
    __u32 pid;
    __s32 code;
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 1 << 16);
} exits SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
    __type(key, __u32);
    __type(value, __u32);
} lost SEC(".maps");

SEC("kprobe/do_exit")
int on_exit(void *ctx)
{
    struct exit *e = bpf_ringbuf_reserve(&exits, sizeof(*e), 0);
    struct exit copy = {};

    if (!e) {
        bpf_perf_event_output(ctx, &lost, BPF_F_CURRENT_CPU, &copy, sizeof(copy));
        return 0;
    }
    __builtin_memset(e, 0, sizeof(*e));
    bpf_ringbuf_submit(e, 0);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
