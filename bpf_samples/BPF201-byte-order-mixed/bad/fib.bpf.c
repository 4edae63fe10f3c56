// The state keeps ports as numbers; the kernel's lookup of a route wants them as they lie on the wire.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct flow_state { __u16 from, to; __u16 raw, either; };

static __always_inline int route(struct xdp_md *ctx, struct flow_state *state)
{
	struct bpf_fib_lookup lookup = {
		.family = 2,
		.ifindex = ctx->ingress_ifindex,
		.sport = state->from, // want BPF201 "`sport` of `bpf_fib_lookup` is in network byte order"
	};

	lookup.dport = bpf_htons(state->to);
	lookup.tot_len = state->from;
	lookup.h_vlan_proto = state->raw;
	lookup.h_vlan_TCI = state->either;
	return bpf_fib_lookup(ctx, &lookup, sizeof(lookup), 0);
}

SEC("xdp")
int pass(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct udphdr *udp = (void *)(ip + 1);
	struct flow_state state = {};

	if ((void *)(udp + 1) > end)
		return XDP_PASS;
	state.from = bpf_ntohs(udp->source);
	state.to = bpf_ntohs(udp->dest);
	state.raw = eth->h_proto;
	if (ip->ihl == 5)
		state.either = bpf_ntohs(eth->h_proto);
	else
		state.either = eth->h_proto; // want BPF201 "what line 38 stores there is converted to host order"
	return route(ctx, &state) ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
