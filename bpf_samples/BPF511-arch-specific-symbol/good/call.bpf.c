// Each architecture has a file of its own, and only that of the target is included.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#ifdef __TARGET_ARCH_x86
#include "ports/first.h"
#elif defined(__TARGET_ARCH_arm64)
#include "ports/second.h"
#endif

__u64 number;

SEC("raw_tracepoint/sys_enter")
int on_call(struct bpf_raw_tracepoint_args *ctx)
{
	number = called((struct pt_regs *)ctx->args[0]);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
