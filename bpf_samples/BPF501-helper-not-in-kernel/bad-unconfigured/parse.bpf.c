#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

/* Since 5.2, for programs of sysctl; for all others since 5.17. */
SEC("lsm/file_open")
int BPF_PROG(on_open, struct file *file)
{
	char text[] = "42";
	long number = 0;

	bpf_strtol(text, sizeof(text) - 1, 10, &number); // want BPF501 "`bpf_strtol()` is not available to `on_open` in Linux 5.10"
	return number == 42 ? 0 : -1;
}

static __always_inline int is_slash(const char *text)
{
	return text[0] == '/';
}

/* Whatever the function answers, and even where the compiler knows: both ways lead to the call. */
SEC("lsm/file_permission")
int BPF_PROG(on_permission, struct file *file, int mask)
{
	char text[8] = "/42";
	long number = 0;

	if (!is_slash(text)) {
		__u64 id = bpf_get_current_pid_tgid();

		if (!id)
			return 0;
		text[0] = '/';
	}
	bpf_strtol(text + 1, 2, 10, &number); // want BPF501 "`bpf_strtol()` is not available to `on_permission` in Linux 5.10"
	return number == 42 ? 0 : -1;
}

/* Nobody says that kernels older than the helper are meant. */
SEC("fentry/security_file_open")
int BPF_PROG(on_call)
{
	return bpf_get_attach_cookie(ctx) == 7;
}

/* The project itself knows kernels without these, and asks for them: not everywhere. */
static long visit(__u32 index, __u64 *sum)
{
	*sum += index;
	return 0;
}

static __always_inline __u64 place_of(struct pt_regs *ctx, bool has_get_func_ip)
{
	return has_get_func_ip ? bpf_get_func_ip(ctx) : PT_REGS_IP(ctx);
}

SEC("kprobe/tcp_connect")
int BPF_KPROBE(on_connect)
{
	return place_of(ctx, false) == 0;
}

SEC("fentry/tcp_close")
int BPF_PROG(on_close)
{
	return bpf_get_func_ip(ctx) == 0; // want BPF501 "in Linux 5.10 (arm64, x86_64), and unlike elsewhere `has_get_func_ip` is not asked"
}

SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	__u64 sum = 0;

	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_loop))
		bpf_loop(8, visit, &sum, 0);
	return sum ? XDP_PASS : XDP_DROP;
}

SEC("tc")
int on_skb(struct __sk_buff *skb)
{
	__u64 sum = 0;

	bpf_loop(8, visit, &sum, 0); // want BPF501 "`BPF_FUNC_loop` is not asked"
	return sum & 1;
}
