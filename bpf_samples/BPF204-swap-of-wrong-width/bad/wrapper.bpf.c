/* sk_buff.remote_port carries the port in its upper half. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

static __always_inline __u32 remote_port(struct __sk_buff *skb)
{
	return bpf_ntohs(skb->remote_port); /* want BPF204 "its 16 bits in the upper half of 32" */
}

SEC("cgroup_skb/egress")
int egress(struct __sk_buff *skb)
{
	return remote_port(skb) != 25;
}
