/* An address family where the protocol of the packet is meant. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define AF_INET 2
#define AF_INET6 10
#define ETH_P_ARP 0x0806

char LICENSE[] SEC("license") = "GPL";

SEC("tc")
int classify(struct __sk_buff *skb)
{
	if (skb->protocol == bpf_htons(ETH_P_ARP))
		return 1;
	if (skb->protocol == AF_INET) /* want BPF202 "AF_INET is an address family: use `bpf_htons(ETH_P_IP)`" */
		return 2;
	return skb->protocol == AF_INET6; /* want BPF202 "use `bpf_htons(ETH_P_IPV6)`" */
}
