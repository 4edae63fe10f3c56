// A function of the kernel, by name; 5.15 on arm64 has no fentry. User functions and offsets have no other way.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

SEC("kprobe/tcp_connect")
int BPF_KPROBE(on_connect, struct sock *sk) // want BPF903 "`fentry/tcp_connect` checks its arguments"
{
	return sk != NULL;
}

SEC("kretprobe/tcp_connect")
int BPF_KRETPROBE(on_connected, int error) // want BPF903 "`fexit/tcp_connect`"
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
