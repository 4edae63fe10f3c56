#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct event {
    __u64 seen;
    __u32 pid;
    __u32 uid;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, __u32);
    __type(value, struct event);
    __uint(max_entries, 1024);
} latest SEC(".maps");

struct verdict_stats {
    __u64 checked;
    __u64 blocked;
};

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __type(key, __u32);
    __type(value, struct verdict_stats);
    __uint(max_entries, 1);
} verdicts SEC(".maps");

SEC("cgroup/connect4")
int on_connect(void *ctx)
{
    __u32 zero = 0;
    struct verdict_stats *stats = bpf_map_lookup_elem(&verdicts, &zero);

    if (stats)
        stats->checked++;
    return 1;
}

SEC("tracepoint/syscalls/sys_enter_openat")
int on_open(void *ctx)
{
    __u32 pid = bpf_get_current_pid_tgid() >> 32;
    struct event *found = bpf_map_lookup_elem(&latest, &pid);

    if (found)
        found->seen = bpf_ktime_get_ns();
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
