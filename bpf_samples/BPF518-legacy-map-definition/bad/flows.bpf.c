// Maps in the form of libbpf 0.x.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct bpf_map_def {
	unsigned int type;
	unsigned int key_size;
	unsigned int value_size;
	unsigned int max_entries;
	unsigned int map_flags;
};

struct flow { u32 source; u32 target; };

struct bpf_map_def SEC("maps") flows = { // want BPF518 "`flows` is defined in the legacy form"
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(struct flow),
	.value_size = sizeof(u64),
	.max_entries = 1024,
	.map_flags = BPF_F_NO_PREALLOC,
};

struct bpf_map_def SEC("maps") totals = { // want BPF518 "which libbpf 1.0 and later refuse"
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = 4,
	.value_size = sizeof(u64),
	.max_entries = 2,
};

SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	struct flow key = {.source = ctx->ingress_ifindex, .target = ctx->egress_ifindex};
	u64 one = 1;

	bpf_map_update_elem(&flows, &key, &one, BPF_NOEXIST);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
