#include <linux/bpf.h>
#include "conn.h" /* want BPF002 "not found: conn.h; add -I DIR or include-dirs" */
#include <bpf/bpf_helpers.h>

SEC("xdp")
int pass(struct xdp_md *ctx)
{
	return ALLOWED(ctx) ? XDP_PASS : XDP_DROP;
}
