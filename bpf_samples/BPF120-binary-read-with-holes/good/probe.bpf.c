#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct flow_key {
    __u32 saddr;
    __u16 port;
    __u64 cookie;
};

struct event {
    __u32 type;
    __u8 argnum;
    __s64 retval;
    char comm[16];
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 64 * 1024);
} events SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, struct flow_key);
    __type(value, __u64);
    __uint(max_entries, 1024);
} flows SEC(".maps");

SEC("tracepoint/syscalls/sys_exit_openat")
int on_exit(void *ctx)
{
    struct flow_key key;
    __u64 seen = 1;
    struct event *e;

    __builtin_memset(&key, 0, sizeof(key));
    bpf_map_update_elem(&flows, &key, &seen, BPF_ANY);
    e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
    if (!e)
        return 0;
    __builtin_memset(e, 0, sizeof(*e));
    e->retval = -1;
    bpf_ringbuf_submit(e, 0);
    return 0;
}

struct fork_event {
    __u64 at;
    __u64 flags;
    __u64 stack;
    __u32 child;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, __u32);
    __type(value, struct fork_event);
    __uint(max_entries, 1024);
} forking SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
    __uint(key_size, 4);
    __uint(value_size, 4);
} forks SEC(".maps");

SEC("kprobe/kernel_clone")
int on_clone(struct pt_regs *ctx)
{
    __u32 tid = bpf_get_current_pid_tgid();
    struct fork_event f;

    __builtin_memset(&f, 0, sizeof(f));
    f.at = bpf_ktime_get_ns();
    bpf_map_update_elem(&forking, &tid, &f, BPF_ANY);
    return 0;
}

SEC("kretprobe/kernel_clone")
int on_cloned(struct pt_regs *ctx)
{
    __u32 tid = bpf_get_current_pid_tgid();
    struct fork_event *f = bpf_map_lookup_elem(&forking, &tid);

    if (!f)
        return 0;
    f->child = PT_REGS_RC(ctx);
    bpf_perf_event_output(ctx, &forks, BPF_F_CURRENT_CPU, f, sizeof(*f));
    bpf_map_delete_elem(&forking, &tid);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
