// Sends opens and closes through one buffer.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "files.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} events SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_openat")
int on_open(void *ctx)
{
	struct opened *opened = bpf_ringbuf_reserve(&events, sizeof(*opened), 0);

	if (!opened)
		return 0;
	__builtin_memset(opened, 0, sizeof(*opened));
	opened->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_ringbuf_submit(opened, 0);
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_close")
int on_close(void *ctx)
{
	struct closed *closed = bpf_ringbuf_reserve(&events, sizeof(*closed), 0);

	if (!closed)
		return 0;
	__builtin_memset(closed, 0, sizeof(*closed));
	bpf_get_current_comm(closed->comm, 16);
	bpf_ringbuf_submit(closed, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
