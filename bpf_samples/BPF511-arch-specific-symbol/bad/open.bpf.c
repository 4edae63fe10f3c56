// Names and registers of one architecture, in a program meant for two.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

int last;

SEC("kprobe/__x64_sys_openat")
int on_open(struct pt_regs *ctx) // want BPF511 "`__x64_sys_openat` exists on x86_64 only"
{
	struct pt_regs *regs = (struct pt_regs *)PT_REGS_PARM1(ctx);

	last = BPF_CORE_READ(regs, di); // want BPF511 "`di` of `struct pt_regs` is a register of x86_64"
	return 0;
}

SEC("fentry/__arm64_sys_close")
int BPF_PROG(on_close, struct pt_regs *regs) // want BPF511 "`__arm64_sys_close` exists on arm64 only"
{
	return 0;
}

SEC("uprobe")
int on_call(struct pt_regs *ctx)
{
	last = ctx->si; // want BPF511 "use PT_REGS_PARM2()"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

SEC("fentry/__x64_sys_unlink")
int BPF_PROG(on_unlink, struct pt_regs *regs) // want BPF511 "spell it for each by a macro"
{
	return regs ? 0 : 1;
}
