/* Says itself that it is for little endian only. */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#error "this program is for little endian"
#endif

char LICENSE[] SEC("license") = "GPL";

SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	__u64 now = bpf_ktime_get_ns();

	return ((__u32 *)&now)[0] & 1 ? XDP_PASS : XDP_DROP;
}
