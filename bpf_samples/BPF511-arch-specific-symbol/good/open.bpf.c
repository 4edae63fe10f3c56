// Spelled for each architecture, or for none.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

#if defined(__TARGET_ARCH_arm64)
#define SYS_PREFIX "__arm64_"
#define FIRST(regs) ((regs)->regs[0])
#else
#define SYS_PREFIX "__x64_"
#define FIRST(regs) ((regs)->di)
#endif

int last;

SEC("ksyscall/openat")
int BPF_KSYSCALL(on_open, int dfd, const char *path)
{
	return dfd;
}

SEC("kprobe/" SYS_PREFIX "sys_close")
int on_close(struct pt_regs *ctx)
{
	last = FIRST(ctx) + PT_REGS_PARM1_CORE(ctx);
	return PT_REGS_RC(ctx);
}

#ifdef __TARGET_ARCH_x86
SEC("kprobe/__x64_sys_arch_prctl")
int on_prctl(struct pt_regs *ctx)
{
	return ctx->di;
}
#endif

/* The loader switches off the one that does not fit. */
SEC("?kprobe/__x64_sys_kill")
int on_kill(struct pt_regs *ctx)
{
	return 0;
}

SEC("?kprobe/__arm64_sys_kill")
int on_kill_arm(struct pt_regs *ctx)
{
	return 0;
}

SEC("kprobe/__se_sys_mount")
int on_mount(struct pt_regs *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
