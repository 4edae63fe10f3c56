#include <linux/bpf.h>
#include "kconfig.h" /* want BPF002 "no name is missing, but what its macros switch was not seen" */
#include <bpf/bpf_helpers.h>

SEC("xdp")
int drop(struct xdp_md *ctx)
{
#ifdef CONFIG_KEEPS
	return XDP_PASS;
#endif
	return XDP_DROP;
}
