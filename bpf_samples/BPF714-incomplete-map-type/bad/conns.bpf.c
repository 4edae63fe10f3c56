#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct tuple_key {
    __u32 saddr;
    __u32 daddr;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __type(key, struct tuple_t); // want BPF714 "the key of map `conns` is `struct tuple_t`"
    __type(value, __u64);
} conns SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_connect")
int on_connect(void *ctx)
{
    struct tuple_key key = { .saddr = 1, .daddr = 2 };
    __u64 now = bpf_ktime_get_ns();

    bpf_map_update_elem(&conns, &key, &now, BPF_ANY);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
