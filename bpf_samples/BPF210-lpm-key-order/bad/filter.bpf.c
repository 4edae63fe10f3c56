#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct prefix {
    __u32 prefixlen;
    __u32 addr;
};

struct {
    __uint(type, BPF_MAP_TYPE_LPM_TRIE);
    __type(key, struct prefix);
    __type(value, __u32);
    __uint(max_entries, 1024);
    __uint(map_flags, BPF_F_NO_PREALLOC);
} blocked SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_connect")
int on_connect(void *ctx)
{
    struct prefix key = { .prefixlen = 32, .addr = 0x0100007f };
    __u32 *action = bpf_map_lookup_elem(&blocked, &key);

    return action ? 1 : 0;
}

char LICENSE[] SEC("license") = "GPL";
