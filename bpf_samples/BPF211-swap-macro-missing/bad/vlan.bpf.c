// Pushes a VLAN tag.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#define ETH_P_8021Q 0x8100
#define ETH_P_8021AD 0x88A8
#define ETH_P_IPV6 0x86DD

SEC("tc")
int on_packet(struct __sk_buff *skb)
{
	if (bpf_skb_vlan_push(skb, ETH_P_8021Q, 42)) // want BPF211 "the kernel takes any number it does not know"
		return 2;
	if (bpf_skb_vlan_push(skb, ETH_P_8021AD, 42)) // want BPF211 "use `bpf_htons(ETH_P_8021AD)`"
		return 2;
	return bpf_skb_change_proto(skb, ETH_P_IPV6, 0) ? 2 : 0; // want BPF211 "`proto` is a __be16"
}

char LICENSE[] SEC("license") = "GPL";
