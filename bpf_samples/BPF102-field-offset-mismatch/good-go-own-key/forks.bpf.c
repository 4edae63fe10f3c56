#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct thread_key {
    __u32 tid;
    __u32 pid;
    __u32 ns;
};

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 1024);
    __type(key, struct thread_key);
    __type(value, struct thread_key);
} parents SEC(".maps");

struct parent_key {
    __u32 tid;
    __u32 pid;
    __u32 ns;
};

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 1024);
    __type(key, struct parent_key);
    __type(value, struct thread_key);
} children SEC(".maps");

SEC("kprobe/wake_up_new_task")
int BPF_KPROBE(forked, struct task_struct *child)
{
    struct thread_key key = {};
    struct thread_key *parent = bpf_map_lookup_elem(&parents, &key);

    if (parent)
        bpf_map_update_elem(&parents, parent, &key, BPF_ANY);
    bpf_map_update_elem(&children, &(struct parent_key){ .tid = key.tid }, &key, BPF_ANY);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
