#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

struct label {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	__u32 ttl:8, last:1, class:3, value:20;
#elif __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	__u32 value:20, class:3, last:1, ttl:8;
#else
#error "neither little nor big endian"
#endif
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} seen SEC(".maps");

SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	struct label label = { .value = 16 };
	__u32 key = bpf_ntohl(label.value) & 1;
	__u64 value = label.last;

	bpf_map_update_elem(&seen, &key, &value, BPF_ANY);
	return XDP_PASS;
}
