// A dual licence is GPL-compatible.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("kprobe/vfs_unlink")
int on_unlink(void *ctx)
{
	u64 inode = 0;

	bpf_probe_read_kernel(&inode, sizeof(inode), ctx);
	bpf_printk("inode %llu", inode);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
