#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define MAX_BUF 256

struct event {
    __u64 ts;
    __u64 links[2];
    __u16 len;
    char buf[MAX_BUF];
};

struct meta {
    __u8 kind;
    __u32 size;
} __attribute__((packed));

struct net_context {
    __u64 ts;
    __u8 index;
    struct meta md;
} __attribute__((packed));

struct pair {
    char first[64];
    char second[64];
    __u64 ts;
};

struct {
    __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
    __uint(key_size, sizeof(__u32));
    __uint(value_size, sizeof(__u32));
} events SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __type(key, __u32);
    __type(value, struct event);
    __uint(max_entries, 1);
} scratch SEC(".maps");

static __always_inline __u32 sizes(void)
{
    // the last: what is before it; one of two alike: nobody knows which is meant
    return sizeof(struct net_context) - sizeof(struct meta) + sizeof(struct pair) - 64;
}

SEC("tracepoint/syscalls/sys_enter_write")
int on_write(void *ctx)
{
    __u32 zero = 0;
    struct event *e = bpf_map_lookup_elem(&scratch, &zero);
    __u64 size;

    if (!e)
        return 0;
    e->len &= MAX_BUF - 1;
    // the last field but for padding: a few bytes more are sent
    size = sizeof(*e) - sizeof(e->buf) + e->len;
    bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, e, size & 511);
    return sizes();
}

char LICENSE[] SEC("license") = "GPL";
