// Counts packets and bytes by protocol; every CPU adds to the same numbers.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct traffic { __u64 packets; __u64 bytes; };

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 256);
	__type(key, __u32);
	__type(value, struct traffic);
} traffic SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} drops SEC(".maps");

#define COUNT(value) ((value)->packets++)

static __u32 next_port = 1;

static __always_inline struct traffic *traffic_of(__u32 protocol)
{
	return bpf_map_lookup_elem(&traffic, &protocol);
}

static __always_inline void add(struct traffic *value, __u64 bytes)
{
	value->bytes += bytes; // want BPF401 "`value->bytes` is changed without an atomic operation"
}

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u32 protocol = ctx->rx_queue_index;
	struct traffic *value = traffic_of(protocol);
	__u64 *dropped = bpf_map_lookup_elem(&drops, &protocol);

	if (value) {
		COUNT(value); // want BPF401 "lies in `traffic`, a map of type array"
		add(value, ctx->data_end - ctx->data);
	}
	if (dropped)
		*dropped = *dropped + 1; // want BPF401 "lies in `drops`, a map of type hash"
	return XDP_PASS;
}

SEC("sk_lookup")
int choose(struct bpf_sk_lookup *ctx)
{
	next_port++; // want BPF401 "every CPU shares the global `next_port`"
	return next_port > 1000 ? SK_DROP : SK_PASS;
}

char LICENSE[] SEC("license") = "GPL";
