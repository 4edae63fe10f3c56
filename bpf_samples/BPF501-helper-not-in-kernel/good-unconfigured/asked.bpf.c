#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

const volatile bool has_get_func_ip = false;
const volatile bool in_loop = false;

static long visit(__u32 index, __u64 *sum)
{
	*sum += index;
	return 0;
}

/* Asked wherever it is called, be it by another way. */
SEC("kprobe/tcp_connect")
int BPF_KPROBE(on_connect)
{
	return (has_get_func_ip ? bpf_get_func_ip(ctx) : PT_REGS_IP(ctx)) == 0;
}

SEC("fentry/tcp_close")
int BPF_PROG(on_close)
{
	if (!bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_func_ip))
		return 0;
	return bpf_get_func_ip(ctx) == 0;
}

/* A loader leaves it out where it does not load. */
SEC("?fentry/tcp_close")
int BPF_PROG(on_mkdir)
{
	return bpf_get_func_ip(ctx) == 0;
}

/* A switch of another kind: what it says of the helper is nothing. */
SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	__u64 sum = 0;

	if (in_loop)
		bpf_loop(8, visit, &sum, 0);
	return sum ? XDP_PASS : XDP_DROP;
}

SEC("tc")
int on_skb(struct __sk_buff *skb)
{
	__u64 sum = 0;

	bpf_loop(8, visit, &sum, 0);
	return sum & 1;
}

/* Asked for where another kind of program calls it; to this one every kernel offers it. */
static __always_inline __u64 now(bool has_ktime_get_ns)
{
	return has_ktime_get_ns ? bpf_ktime_get_ns() : 0;
}

SEC("tracepoint/syscalls/sys_enter_openat")
int on_open(void *ctx)
{
	return now(true) + bpf_ktime_get_ns() == 0;
}
