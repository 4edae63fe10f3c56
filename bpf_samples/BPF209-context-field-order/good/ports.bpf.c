// Each field as the kernel keeps it.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

const volatile u16 wanted;

SEC("fentry/tcp_close")
int BPF_PROG(on_close, struct sock *sk)
{
	u16 local = sk->__sk_common.skc_num;
	u16 remote = bpf_ntohs(sk->__sk_common.skc_dport);

	return local == wanted || remote == wanted;
}

SEC("sockops")
int on_event(struct bpf_sock_ops *ctx)
{
	return ctx->local_port == wanted || bpf_ntohl(ctx->remote_port) == wanted;
}

SEC("tp/sock/inet_sock_set_state")
int on_state(struct trace_event_raw_inet_sock_set_state *ctx)
{
	return ctx->dport == wanted;
}

SEC("cgroup/connect4")
int on_connect(struct bpf_sock_addr *ctx)
{
	u16 local = bpf_htons(wanted);

	return ctx->user_port == local ? 0 : bpf_ntohs(ctx->user_port) != wanted;
}

char LICENSE[] SEC("license") = "GPL";
