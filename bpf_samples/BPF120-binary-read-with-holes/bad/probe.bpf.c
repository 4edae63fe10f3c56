#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

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

char LICENSE[] SEC("license") = "GPL";
