#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} seen SEC(".maps");

static __always_inline int note(__u32 what)
{
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&seen, &what, &now, BPF_ANY);
	return 0;
}

SEC("fentry/filemap_add_folio")
int BPF_PROG(on_add) // want BPF509 "`filemap_add_folio` does not exist in Linux 5.10 (x86_64): fentry programs do not load there"
{
	return note(0);
}

SEC("tp_btf/block_io_start")
int BPF_PROG(on_start) // want BPF509 "tracepoint `block_io_start` does not exist in Linux 5.10, 6.1 (x86_64)"
{
	return note(1);
}

SEC("raw_tp/mmap_lock_start_locking")
int on_lock(void *ctx) // want BPF509 "tracepoint `mmap_lock_start_locking` does not exist in Linux 5.10 (x86_64)"
{
	return note(2);
}

SEC("tracepoint/kmem/kmem_cache_alloc_node")
int on_alloc(void *ctx) // want BPF509 "tracepoint `kmem/kmem_cache_alloc_node` does not exist in Linux 7.3 (arm64); 6.1, 7.3 (x86_64): it is not attached there"
{
	return note(3);
}

SEC("lsm/userns_create")
int BPF_PROG(on_userns, const struct cred *cred) // want BPF509 "LSM hook `userns_create` does not exist in Linux 5.10 (x86_64)"
{
	return note(4);
}

SEC("kprobe/udp_sendpage")
int on_sendpage(struct pt_regs *ctx) // want BPF509 "`udp_sendpage` is not in the BTF of Linux 7.3 (arm64, x86_64)"
{
	return note(5);
}

SEC("iter/ksym")
int on_symbol(struct bpf_iter__ksym *ctx) // want BPF509 "iterator `ksym` does not exist in Linux 5.10 (x86_64)"
{
	return note(6);
}

SEC("struct_ops/on_enable")
void BPF_PROG(on_enable, struct task_struct *task)
{
	note(7);
}

SEC(".struct_ops.link")
struct sched_ext_ops scheduler = { // want BPF509 "`struct sched_ext_ops` does not exist in Linux 5.10, 6.1 (x86_64)"
	.enable = (void *)on_enable,
	.name = "sample",
};
