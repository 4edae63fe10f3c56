// A key keeps the local port as it lies on the wire; the host's number is turned by the name for the other way.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>

struct connection { __u16 local; __u16 remote; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct connection);
	__type(value, __u32);
} connections SEC(".maps");

SEC("kprobe/tcp_connect")
int BPF_KPROBE(on_connect, struct sock *sk)
{
	struct inet_sock *inet = (struct inet_sock *)sk;
	struct connection key = {};
	__u32 pid = bpf_get_current_pid_tgid() >> 32;

	BPF_CORE_READ_INTO(&key.local, inet, inet_sport);
	BPF_CORE_READ_INTO(&key.remote, sk, __sk_common.skc_dport);
	bpf_map_update_elem(&connections, &key, &pid, BPF_ANY);
	return 0;
}

SEC("kprobe/tcp_close")
int BPF_KPROBE(on_close, struct sock *sk)
{
	struct connection key = {};
	__u16 local = BPF_CORE_READ(sk, __sk_common.skc_num);

	key.remote = BPF_CORE_READ(sk, __sk_common.skc_dport);
	key.local = bpf_ntohs(local);
	bpf_map_delete_elem(&connections, &key);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
