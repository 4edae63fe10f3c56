#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct stats {
    __u64 packets;
    __u64 bytes;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, __u32);
    __type(value, struct stats);
    __uint(max_entries, 1024);
} totals SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_write")
int on_write(void *ctx)
{
    __u32 pid = bpf_get_current_pid_tgid() >> 32;
    struct stats *s = bpf_map_lookup_elem(&totals, &pid);

    if (s)
        __sync_fetch_and_add(&s->packets, 1);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
