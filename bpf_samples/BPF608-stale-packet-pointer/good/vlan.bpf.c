// Read anew after the call, or not used on its path.
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
	if (eth->h_proto == bpf_htons(ETH_P_8021Q)) {
		if (bpf_xdp_adjust_head(ctx, 4))
			return XDP_DROP;
		data = (void *)(long)ctx->data;
		data_end = (void *)(long)ctx->data_end;
		eth = data;
		if ((void *)(eth + 1) > data_end)
			return XDP_DROP;
	}
	eth->h_proto = bpf_htons(ETH_P_IP);
	return XDP_PASS;
}

SEC("tc")
int touch(struct __sk_buff *skb)
{
	__u8 *bytes = (void *)(long)skb->data;
	__u8 first;

	if (bytes + 34 > (__u8 *)(long)skb->data_end)
		return 0;
	first = bytes[0];
	if (skb->mark)
		bpf_skb_store_bytes(skb, 20, &first, 1, 0);
	else
		bytes[1] = first;
	return first & 1;
}

/* A copy on the stack stays. */
SEC("tc")
int grow(struct __sk_buff *skb)
{
	struct ethhdr copy, *eth = (void *)(long)skb->data;

	if ((void *)(eth + 1) > (void *)(long)skb->data_end)
		return 0;
	copy = *eth;
	if (bpf_skb_adjust_room(skb, 8, BPF_ADJ_ROOM_MAC, 0))
		return 0;
	return bpf_skb_store_bytes(skb, 0, &copy, sizeof(copy), 0);
}

char LICENSE[] SEC("license") = "GPL";
