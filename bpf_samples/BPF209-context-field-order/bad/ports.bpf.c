// Ports that the kernel keeps in host order are converted like their neighbours.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

const volatile u16 wanted;

SEC("fentry/tcp_close")
int BPF_PROG(on_close, struct sock *sk)
{
	u16 local = bpf_ntohs(sk->__sk_common.skc_num); // want BPF209 "`sock_common.skc_num` is in host byte order"
	u16 remote = bpf_ntohs(sk->__sk_common.skc_dport);

	return local == wanted || remote == wanted;
}

SEC("sockops")
int on_event(struct bpf_sock_ops *ctx)
{
	return bpf_ntohl(ctx->local_port) == wanted; // want BPF209 "`bpf_sock_ops.local_port` is in host byte order"
}

SEC("tp/sock/inet_sock_set_state")
int on_state(struct trace_event_raw_inet_sock_set_state *ctx)
{
	return bpf_ntohs(ctx->dport) == wanted; // want BPF209 "`bpf_ntohs()` swaps its bytes"
}

char LICENSE[] SEC("license") = "GPL";
