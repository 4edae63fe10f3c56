// Passes packets to allowed peers; the loader fills both maps.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} macs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u8);
} peers SEC(".maps");

SEC("xdp")
int pass(struct xdp_md *ctx)
{
	__u32 key = ctx->ingress_ifindex;
	__u64 *mac = bpf_map_lookup_elem(&macs, &key);

	return mac && bpf_map_lookup_elem(&peers, &key) ? XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "GPL";
