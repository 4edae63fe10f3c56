#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct exec {
    __u8 kind;
    __u64 ts;
    __u32 pid;
    __u32 path_start;
    __u16 path_len;
};

struct limit {
    __u32 most;
    __u64 window;
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 1 << 20);
} execs SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct limit);
} limits SEC(".maps");

struct compared {
    __u32 of;
    __s8 order;
    __u8 pad[3];
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct compared);
} compared SEC(".maps");

SEC("tp_btf/sched_process_exec")
int on_exec(void *ctx)
{
    __u32 zero = 0;
    struct limit *limit = bpf_map_lookup_elem(&limits, &zero);
    struct exec *e;

    if (!limit)
        return 0;
    e = bpf_ringbuf_reserve(&execs, sizeof(*e), 0);
    if (!e)
        return 0;
    __builtin_memset(e, 0, sizeof(*e));
    e->ts = bpf_ktime_get_ns();
    e->pid = bpf_get_current_pid_tgid() >> 32;
    bpf_ringbuf_submit(e, 0);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
