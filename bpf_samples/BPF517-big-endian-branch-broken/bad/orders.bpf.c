// The header of one order is always there, and that of the other comes on top of it.
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include "little.h"
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#include "big.h"
#endif

SEC("xdp")
int on_frame(struct xdp_md *ctx)
{
	return from_little(to_little(ctx->rx_queue_index)) ? XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "GPL";
