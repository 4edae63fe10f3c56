#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

const volatile bool has_folios = false;
extern int LINUX_KERNEL_VERSION __kconfig;

struct task_struct___old {
	volatile long state;
} __attribute__((preserve_access_index));

struct xfs_mount {
	__u64 m_flags;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} states SEC(".maps");

/* It asks the running kernel which of the two names it has. */
static __always_inline __u64 state_of(struct task_struct *task)
{
	struct task_struct___old *old = (void *)task;

	if (bpf_core_field_exists(task->__state))
		return BPF_CORE_READ(task, __state);
	return BPF_CORE_READ(old, state);
}

/* Only called where it was asked. */
static __always_inline __u64 folio_size(void)
{
	return bpf_core_type_size(struct folio);
}

/* Nobody calls it, so that no object has it. */
static __always_inline __u64 unused(struct task_struct *task)
{
	return ((struct task_struct___old *)task)->state;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	__u32 pid = prev->pid;
	__u64 state = state_of(prev);

	if (bpf_core_type_exists(struct folio))
		state += folio_size();
	if (has_folios)
		state += folio_size();
	if (LINUX_KERNEL_VERSION < KERNEL_VERSION(5, 13, 0))
		state += ((struct task_struct___old *)next)->state;
	if (bpf_core_enum_value_exists(enum bpf_map_type, BPF_MAP_TYPE_ARENA))
		state += bpf_core_enum_value(enum bpf_map_type, BPF_MAP_TYPE_ARENA);
	bpf_map_update_elem(&states, &pid, &state, BPF_ANY);
	return 0;
}

/* A type of a module's, or of the project's own: no kernel of ours knows it. */
SEC("kprobe/xfs_fs_statfs")
int BPF_KPROBE(on_statfs, struct xfs_mount *mount)
{
	__u64 flags = BPF_CORE_READ(mount, m_flags);
	__u32 key = 0;

	bpf_map_update_elem(&states, &key, &flags, BPF_ANY);
	return 0;
}

/* The loader leaves it out where it does not fit. */
SEC("?tp_btf/sched_wakeup")
int BPF_PROG(on_wakeup, struct task_struct *task)
{
	__u32 pid = task->pid;
	__u64 state = ((struct task_struct___old *)task)->state;

	bpf_map_update_elem(&states, &pid, &state, BPF_ANY);
	return 0;
}

/* Kernels without folios do not have this tracepoint either: they have the one below. */
SEC("tp_btf/writeback_dirty_folio")
int BPF_PROG(on_folio, struct folio *folio, struct address_space *mapping)
{
	__u64 flags = BPF_CORE_READ(folio, index);
	__u32 key = 0;

	bpf_map_update_elem(&states, &key, &flags, BPF_ANY);
	return 0;
}

SEC("tp_btf/writeback_dirty_page")
int BPF_PROG(on_page, struct page *page, struct address_space *mapping)
{
	__u64 flags = (__u64)page;
	__u32 key = 0;

	bpf_map_update_elem(&states, &key, &flags, BPF_ANY);
	return 0;
}

/* Registers have names of their own on each architecture. */
SEC("kprobe/do_exit")
int on_do_exit(struct pt_regs *ctx)
{
	__u64 first = PT_REGS_PARM1_CORE(ctx);
	__u32 key = 1;

	bpf_map_update_elem(&states, &key, &first, BPF_ANY);
	return 0;
}
