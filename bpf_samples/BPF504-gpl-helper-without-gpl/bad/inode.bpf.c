// Reads kernel memory under a licence that the kernel does not count as GPL.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, u64);
	__type(value, u64);
} inodes SEC(".maps");

#define READ(to, from) bpf_probe_read_kernel(&(to), sizeof(to), from)

static __always_inline void note(u64 inode)
{
	u64 task = bpf_get_current_task(); // want BPF504 "`bpf_get_current_task()` is for GPL programs only"

	bpf_map_update_elem(&inodes, &inode, &task, BPF_ANY);
}

SEC("kprobe/vfs_unlink")
int on_unlink(void *ctx)
{
	u64 inode = 0;

	READ(inode, ctx); // want BPF504 "`bpf_probe_read_kernel()` is for GPL programs only, and the licence is"
	note(inode);
	return 0;
}

char LICENSE[] SEC("license") = "Apache-2.0";
