#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct unseen;

// A pointer has a size, whatever it points to.
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __type(key, __u32);
    __type(value, struct unseen *);
} socks SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_close")
int on_close(void *ctx)
{
    __u32 pid = bpf_get_current_pid_tgid() >> 32;

    bpf_map_delete_elem(&socks, &pid);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
