#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

/* The loader gives it another type where the kernel has none. */
struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 4096);
} orders SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u32);
} seen SEC(".maps");

SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	__u32 index = ctx->rx_queue_index, one = 1;

	bpf_map_update_elem(&seen, &index, &one, BPF_ANY);
	return XDP_PASS;
}
