// A network program that asks for the current task, and a probe that changes packets.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, u32);
	__type(value, u64);
} owners SEC(".maps");

#define RESIZE(ctx) bpf_xdp_adjust_head((struct xdp_md *)(ctx), 0)

static __always_inline void remember(u32 cookie)
{
	u64 hash = bpf_get_hash_recalc(NULL); // want BPF502 "`bpf_get_hash_recalc()` is not available to xdp programs"
	bpf_map_update_elem(&owners, &cookie, &hash, BPF_ANY);
}

SEC("xdp")
int filter(struct xdp_md *ctx)
{
	remember(ctx->rx_queue_index);
	return bpf_skb_pull_data((struct __sk_buff *)ctx, 0) ? XDP_PASS : XDP_DROP; // want BPF502 "`bpf_skb_pull_data()`"
}

SEC("kprobe/tcp_v4_connect")
int on_connect(void *ctx)
{
	return RESIZE(ctx); // want BPF502 "is not available to kprobe programs such as `on_connect`"
}

// A filter that looks at the packet first, says yes or no when the program runs.
static __always_inline bool is_wanted(struct xdp_md *ctx)
{
	bool wanted = false;

	if (ctx->rx_queue_index == 3)
		wanted = true;
	return wanted;
}

SEC("xdp")
int count(struct xdp_md *ctx)
{
	if (!is_wanted(ctx))
		return XDP_PASS;
	return bpf_skb_pull_data((struct __sk_buff *)ctx, 0) ? XDP_PASS : XDP_DROP; // want BPF502 "`bpf_skb_pull_data()`"
}

char LICENSE[] SEC("license") = "GPL";
