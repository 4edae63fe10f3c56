// Aya before 0.12 calls a program by what its section says behind the slash, newer ones by its function.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp/dispatcher")
int xdp_dispatcher(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
