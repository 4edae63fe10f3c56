// The local port, read by CO-RE, is in host order.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>

const volatile __u16 chosen;

SEC("kprobe/tcp_close")
int BPF_KPROBE(on_close, struct sock *sk)
{
	__u16 local = BPF_CORE_READ(sk, __sk_common.skc_num);

	return bpf_ntohs(local) == chosen; // want BPF209 "`sock_common.skc_num` is in host byte order"
}

char LICENSE[] SEC("license") = "GPL";
