#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct packet {
    __u32 pid;
    __u16 protocol;
    __be16 dport;
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 64 * 1024);
} packets SEC(".maps");

SEC("kprobe/ip_rcv")
int BPF_KPROBE(on_packet, struct sk_buff *skb)
{
    struct packet *p = bpf_ringbuf_reserve(&packets, sizeof(*p), 0);

    if (!p)
        return 0;
    p->pid = bpf_get_current_pid_tgid() >> 32;
    p->protocol = bpf_ntohs(BPF_CORE_READ(skb, protocol));
    p->dport = BPF_CORE_READ(skb, sk, __sk_common.skc_dport);
    bpf_ringbuf_submit(p, 0);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
