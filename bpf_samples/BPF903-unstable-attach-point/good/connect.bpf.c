// The same program for a kernel that lacks the newer form.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

SEC("kprobe/tcp_connect")
int BPF_KPROBE(on_connect, struct sock *sk)
{
	return sk != NULL;
}

SEC("kretprobe/tcp_connect")
int BPF_KRETPROBE(on_connected, int error)
{
	return error;
}

SEC("uprobe//usr/bin/bash:readline")
int BPF_UPROBE(on_line, const char *prompt)
{
	return 0;
}

SEC("kprobe/tcp_close+0x10")
int on_close(struct pt_regs *ctx)
{
	return 0;
}

SEC("kprobe")
int on_any(struct pt_regs *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
