#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

struct label {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	__u32 ttl:8, last:1, class:3, value:20;
#else
	__u32 value:20, class:3, bottom:1, ttl:8;
#endif
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} seen SEC(".maps");

static __always_inline __u32 low_half(__u64 value)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return ((__u32 *)&value)[half]; // want BPF517 "for big endian this does not compile: use of undeclared identifier 'half'"
#else
	return ((__u32 *)&value)[0];
#endif
}

SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	struct label label = { .value = 16 };
	__u32 key = low_half(bpf_ktime_get_ns()) & 1;
	__u64 value = label.last; // want BPF517 "no member named 'last' in 'struct label'"

	bpf_map_update_elem(&seen, &key, &value, BPF_ANY);
	return XDP_PASS;
}
