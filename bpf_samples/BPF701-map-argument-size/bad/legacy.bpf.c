// The same fault with a definition of the old kind: a port table asked with a 16-bit header field.
#include <linux/bpf.h>
#include <linux/tcp.h>
#include <bpf/bpf_helpers.h>

struct bpf_map_def {
	unsigned int type, key_size, value_size, max_entries, map_flags;
};

struct bpf_map_def SEC("maps") ports = { // want BPF518 "legacy form"
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = sizeof(__u32),
	.value_size = sizeof(__u64),
	.max_entries = 65536,
};

SEC("xdp")
int count(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	struct tcphdr *tcp = data;
	__u64 *packets;

	if ((void *)(tcp + 1) > end)
		return XDP_PASS;
	packets = bpf_map_lookup_elem(&ports, &tcp->dest); // want BPF701 "but this points to 2 (`__be16`)"
	if (packets)
		__sync_fetch_and_add(packets, 1);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
