// Neither its section nor its function has the name that the loader asks for.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp/dispatcher")
int xdp_dispatcher(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
