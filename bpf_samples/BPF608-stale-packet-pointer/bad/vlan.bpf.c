// Pointers into the packet are void once a helper may have moved it, also where the helper failed.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

SEC("xdp")
int pop(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;

	if ((void *)(eth + 1) > data_end)
		return XDP_PASS;
	if (bpf_xdp_adjust_head(ctx, 4))
		return XDP_DROP;
	eth->h_proto = bpf_htons(ETH_P_IP); // want BPF608 "`eth` points to where the packet was before bpf_xdp_adjust_head()"
	return XDP_PASS;
}

static __always_inline int mark(struct __sk_buff *skb)
{
	__u8 one = 1;

	return bpf_skb_store_bytes(skb, 20, &one, 1, 0);
}

SEC("tc")
int touch(struct __sk_buff *skb)
{
	__u8 *bytes = (void *)(long)skb->data;

	if (bytes + 34 > (__u8 *)(long)skb->data_end)
		return 0;
	if (mark(skb) < 0)
		return 0;
	return bytes[0] & 1; // want BPF608 "`bytes` points to where the packet was before bpf_skb_store_bytes()"
}

char LICENSE[] SEC("license") = "GPL";
