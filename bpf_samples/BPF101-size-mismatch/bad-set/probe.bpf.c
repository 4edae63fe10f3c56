#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define EPERM 1

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, __u32);
    __type(value, __u32);
    __uint(max_entries, 256);
} denied SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, __u32);
    __type(value, __u32);
    __uint(max_entries, 256);
} answers SEC(".maps");

SEC("lsm/file_open")
int BPF_PROG(on_open, struct file *file)
{
    __u32 uid = bpf_get_current_uid_gid(), *answer;

    if (uid && bpf_map_lookup_elem(&denied, &uid))
        return -EPERM;
    answer = bpf_map_lookup_elem(&answers, &uid);
    return answer ? -*answer : 0;
}

char LICENSE[] SEC("license") = "GPL";
