#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct opening {
    __be16 sport;
    __be16 dport;
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 64 * 1024);
} openings SEC(".maps");

SEC("fentry/tcp_connect")
int BPF_PROG(on_connect, struct sock *sk)
{
    struct opening *event = bpf_ringbuf_reserve(&openings, sizeof(*event), 0);

    if (!event)
        return 0;
    event->sport = bpf_htons(BPF_CORE_READ(sk, __sk_common.skc_num));
    event->dport = BPF_CORE_READ(sk, __sk_common.skc_dport);
    bpf_ringbuf_submit(event, 0);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
