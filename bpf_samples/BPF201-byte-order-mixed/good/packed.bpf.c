// Two ports in one word: both in host order, both as on the wire, or swapped by the reader where it takes them apart.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>

struct packed_ports { __u64 both; __u64 wire; __u64 apart; };

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} packings SEC(".maps");

SEC("kprobe/tcp_close")
int BPF_KPROBE(on_packed, struct sock *sk)
{
	__u16 local = BPF_CORE_READ(sk, __sk_common.skc_num);
	__u16 remote = BPF_CORE_READ(sk, __sk_common.skc_dport);
	struct packed_ports event = {};

	event.both = bpf_ntohs(remote) + ((0ULL + local) << 32);
	event.wire = remote | ((0ULL + bpf_htons(local)) << 32);
	event.apart = remote + ((0ULL + local) << 32);
	bpf_ringbuf_output(&packings, &event, sizeof(event), 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
