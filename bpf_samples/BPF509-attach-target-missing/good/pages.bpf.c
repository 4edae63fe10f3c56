#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} seen SEC(".maps");

static __always_inline int note(__u32 what)
{
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&seen, &what, &now, BPF_ANY);
	return 0;
}

/* One of the two is there on each kernel. */
SEC("tracepoint/writeback/writeback_dirty_page")
int on_page(void *ctx)
{
	return note(0);
}

SEC("tracepoint/writeback/writeback_dirty_folio")
int on_folio(void *ctx)
{
	return note(0);
}

/* Optional, without a target, or with wildcards. */
SEC("?fentry/filemap_add_folio")
int BPF_PROG(on_add)
{
	return note(1);
}

SEC("fentry")
int BPF_PROG(on_any)
{
	return note(2);
}

SEC("kprobe.multi/tcp_send*")
int on_many(struct pt_regs *ctx)
{
	return note(3);
}

/* No kernel's BTF has them: modules, system calls, and other objects. */
SEC("fentry/xfs_file_write_iter")
int BPF_PROG(on_xfs)
{
	return note(4);
}

SEC("tracepoint/syscalls/sys_enter_openat2")
int on_openat(void *ctx)
{
	return note(5);
}

SEC("uprobe//usr/bin/bash:readline")
int on_readline(struct pt_regs *ctx)
{
	return note(7);
}

/* The loader decides about these. */
SEC("fentry/tcp_sendpage")
int BPF_PROG(on_sendpage)
{
	return note(8);
}

SEC("fentry/placeholder")
int BPF_PROG(on_chosen)
{
	return note(9);
}

/* Everywhere. */
SEC("lsm/file_open")
int BPF_PROG(on_open, struct file *file)
{
	return note(10);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch)
{
	return note(11);
}

SEC("kprobe/vfs_read")
int on_read(struct pt_regs *ctx)
{
	return note(12);
}
