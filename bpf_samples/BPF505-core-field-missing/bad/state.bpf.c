#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

/* The member's name until 5.13. */
struct task_struct___old {
	volatile long state;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} states SEC(".maps");

static __always_inline __u64 state_of(struct task_struct *task)
{
	return BPF_CORE_READ(task, __state); // want BPF505 "`struct task_struct.__state` does not exist in Linux 5.10 (x86_64)"
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	__u32 pid = prev->pid;
	__u64 state = state_of(prev);

	bpf_map_update_elem(&states, &pid, &state, BPF_ANY);
	return 0;
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(on_wakeup, struct task_struct *task)
{
	struct task_struct___old *old = (void *)task;
	__u32 pid = task->pid;
	__u64 state = old->state; // want BPF505 "`struct task_struct___old.state` does not exist in Linux 7.3 (arm64); 6.1, 7.3 (x86_64)"

	bpf_map_update_elem(&states, &pid, &state, BPF_ANY);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	__u32 pid = task->pid;
	struct folio *folio = (void *)task->stack;
	__u64 size = BPF_CORE_READ(folio, index); // want BPF505 "`struct folio.index` does not exist in Linux 5.10 (x86_64)"

	bpf_map_update_elem(&states, &pid, &size, BPF_ANY);
	return 0;
}

SEC("tp_btf/sched_process_free")
int BPF_PROG(on_free, struct task_struct *task)
{
	__u32 pid = task->pid;
	__u64 kind = bpf_core_enum_value(enum bpf_map_type, BPF_MAP_TYPE_ARENA); // want BPF505 "`enum bpf_map_type::BPF_MAP_TYPE_ARENA` does not exist in Linux 5.10, 6.1 (x86_64)"

	bpf_map_update_elem(&states, &pid, &kind, BPF_ANY);
	return 0;
}
