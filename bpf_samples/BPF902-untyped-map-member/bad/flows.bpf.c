// Sizes without types; arrays of file descriptors take none.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__uint(key_size, 4);
	__type(value, __u64);
} flows SEC(".maps"); // want BPF902 "`flows` has no type for its key"

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 4);
} tails SEC(".maps");

SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	__u32 key = 1;

	bpf_tail_call(ctx, &tails, 0);
	return bpf_map_lookup_elem(&flows, &key) ? XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "GPL";
