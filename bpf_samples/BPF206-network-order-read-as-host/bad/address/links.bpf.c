#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct link {
	__be32 source;
	__be32 target;
	__u16 port;
	__u16 family;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct link);
	__type(value, __u64);
} links SEC(".maps");

SEC("kprobe/tcp_sendmsg")
int BPF_KPROBE(on_send, struct sock *sk)
{
	struct link link = {};
	__u64 one = 1;

	link.source = BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr);
	link.target = BPF_CORE_READ(sk, __sk_common.skc_daddr);
	link.port = BPF_CORE_READ(sk, __sk_common.skc_num);
	link.family = BPF_CORE_READ(sk, __sk_common.skc_family);
	bpf_map_update_elem(&links, &link, &one, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
