// Helpers of each program's own type, and calls that are compiled away where they do not fit.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

const volatile bool is_skb_mode = false;

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u32));
} events SEC(".maps");

static __always_inline u32 hash_of(void *ctx, bool is_skb)
{
	if (is_skb)
		return bpf_get_hash_recalc(ctx);
	return bpf_get_prandom_u32();
}

SEC("xdp")
int filter(struct xdp_md *ctx)
{
	u64 now = bpf_ktime_get_ns();

	if (is_skb_mode)
		now = bpf_get_hash_recalc((struct __sk_buff *)ctx);
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &now, sizeof(now));
	return hash_of(ctx, false) ? XDP_PASS : XDP_DROP;
}

SEC("tc")
int mark(struct __sk_buff *skb)
{
	skb->mark = hash_of(skb, true);
	return 0;
}

// Attached by the project's own loader: the section does not tell the type.
SEC("from-container")
int custom(struct __sk_buff *skb)
{
	return bpf_xdp_adjust_head((struct xdp_md *)skb, 0) ? 0 : 1;
}

// What these answer is known before the program runs, or may be.
static __always_inline bool is_skb(void)
{
	return false;
}

static __always_inline bool has_hash(struct xdp_md *ctx, bool skb)
{
	if (!skb)
		return false;
	return ctx->rx_queue_index == 3;
}

static __always_inline bool is_mode(struct xdp_md *ctx)
{
	bool mode = is_skb_mode;

	return ctx->rx_queue_index && mode;
}

SEC("xdp")
int count(struct xdp_md *ctx)
{
	struct __sk_buff *skb = (struct __sk_buff *)ctx;
	u32 hash = 0;

	if (is_skb())
		hash = bpf_get_hash_recalc(skb);
	if (has_hash(ctx, false))
		hash = bpf_get_hash_recalc(skb);
	if (is_mode(ctx))
		hash = bpf_get_hash_recalc(skb);
	hash += is_skb_mode ? bpf_get_hash_recalc(skb) : 0;
	return hash ? XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "GPL";
