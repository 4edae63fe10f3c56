// A BPF program that no tool knows by its name.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int pass(struct xdp_md *ctx) // want BPF909 "`pass.c` holds BPF programs"
{
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
