#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

const volatile bool use_loop = false;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

static long add(__u32 index, __u64 *sum)
{
	*sum += index;
	return 0;
}

/* The kernel is asked. */
static __always_inline __u64 summed(__u32 count)
{
	__u64 sum = 0;

	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_loop)) {
		bpf_loop(count, add, &sum, 0);
	} else {
		for (__u32 index = 0; index < 64; index++)
			sum += index;
	}
	return sum;
}

SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	return summed(64) ? XDP_PASS : XDP_DROP;
}

/* The loader decides, by a constant that it sets before the verifier looks. */
SEC("tc")
int on_skb(struct __sk_buff *skb)
{
	__u64 sum = 0;

	if (use_loop)
		bpf_loop(8, add, &sum, 0);
	return sum & 1;
}

/* A loader leaves it out where it does not load. */
SEC("?kprobe/do_unlinkat")
int BPF_KPROBE(on_unlink)
{
	return bpf_get_attach_cookie(ctx) == 7;
}

/* Every configured kernel has these. */
SEC("tracepoint/syscalls/sys_enter_openat")
int on_open(void *ctx)
{
	__u64 now = bpf_ktime_get_ns();

	bpf_ringbuf_output(&events, &now, sizeof(now), 0);
	return 0;
}

/* What is asked for here is compiled away in both of its callers: each answer alone leaves a way to the call. */
static __always_inline __u64 cookie(void *ctx, bool old, bool plain)
{
	if (old) {
		if (plain)
			return 0;
	} else if (!plain) {
		return 1;
	}
	return bpf_get_attach_cookie(ctx);
}

SEC("kprobe/do_rmdir")
int BPF_KPROBE(on_rmdir)
{
	return cookie(ctx, true, true) + cookie(ctx, false, false);
}
