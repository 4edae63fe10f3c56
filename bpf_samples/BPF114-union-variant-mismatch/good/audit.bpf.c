#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

enum kind {
    OPENED,
    EXITED,
};

struct opened {
    __u64 inode;
    __u32 flags;
};

struct exited {
    __s32 code;
};

// The tag and its union stand in a struct of their own, as in a Rust enum.
struct event {
    __u64 ts;
    __u32 pid;
    struct {
        enum kind kind;
        union {
            struct opened opened;
            struct exited exited;
        };
    };
};

struct {
    __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
    __type(key, __u32);
    __type(value, __u32);
} events SEC(".maps");

SEC("kprobe/do_exit")
int on_exit(void *ctx)
{
    struct event e = {};

    e.ts = bpf_ktime_get_ns();
    e.kind = EXITED;
    e.exited.code = -1;
    bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &e, sizeof(e));
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
