#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct affinity {
    __u8 addr[16];
    __u16 port;
    __u8 pad[6];
    __u64 ts;
};

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __type(key, __u32);
    __type(value, struct affinity);
    __uint(max_entries, 1024);
} affinities SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 64 * 1024);
} changes SEC(".maps");

struct mark {
    __u32 pid;
    __u64 at;
    __u8 op;
    __u64 size;
} __attribute__((packed));

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 64 * 1024);
} marks SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_bind")
int on_bind(void *ctx)
{
    struct mark mark = {};

    mark.at = bpf_ktime_get_ns();
    bpf_ringbuf_output(&marks, &mark, sizeof(mark), 0);
    return 0;
}

SEC("tracepoint/syscalls/sys_enter_connect")
int on_connect(void *ctx)
{
    struct affinity *change = bpf_ringbuf_reserve(&changes, sizeof(*change), 0);

    if (!change)
        return 0;
    __builtin_memset(change, 0, sizeof(*change));
    change->ts = bpf_ktime_get_ns();
    bpf_ringbuf_submit(change, 0);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
