#include <linux/bpf.h>
#include <agent/conn.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int pass(struct xdp_md *ctx)
{
	return CONN_LIMIT ? XDP_PASS : XDP_DROP;
}
