// Pushes a VLAN tag.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#define ETH_P_8021Q 0x8100

const volatile u16 proto;

SEC("tc")
int on_packet(struct __sk_buff *skb)
{
	if (bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), 42))
		return 2;
	if (bpf_skb_vlan_push(skb, 0x0081, 42) || bpf_skb_vlan_push(skb, 0, 42))
		return 2;
	return bpf_skb_vlan_push(skb, proto, 42) ? 2 : 0;
}

char LICENSE[] SEC("license") = "GPL";
