// Bytes of the packet that no comparison with its end precedes on the way.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

SEC("xdp")
int never(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;

	return eth->h_proto == bpf_htons(ETH_P_IP) ? XDP_PASS : XDP_DROP; // want BPF607 "`eth` is not compared with data_end"
}

SEC("tc")
int late(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *data_end = (void *)(long)skb->data_end;
	struct iphdr *ip = data + sizeof(struct ethhdr);

	if (ip->protocol == 6) // want BPF607 "`ip` is not compared with data_end"
		return 0;
	if ((void *)(ip + 1) > data_end)
		return 0;
	return ip->ttl;
}

char LICENSE[] SEC("license") = "GPL";
