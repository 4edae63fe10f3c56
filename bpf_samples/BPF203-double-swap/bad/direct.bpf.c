/* A port that was swapped for the comparison is swapped once more in it. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>

const volatile __u16 wanted;
char LICENSE[] SEC("license") = "GPL";

SEC("fentry/tcp_close")
int BPF_PROG(on_close, struct sock *sk)
{
	__u16 local = sk->__sk_common.skc_num;
	__u16 remote = bpf_ntohs(sk->__sk_common.skc_dport);
	__u16 port = bpf_htons(wanted);

	if (remote == wanted && local == wanted)
		bpf_printk("close");
	if (sk->__sk_common.skc_dport == bpf_htons(port)) /* want BPF203 "`port` is in network byte order already" */
		bpf_printk("close");
	return 0;
}
