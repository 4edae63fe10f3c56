#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

/* The member's name until 5.13: newer kernels reject the program. */
struct task_struct___old {
	volatile long state;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} states SEC(".maps");

SEC("tp_btf/sched_wakeup")
int BPF_PROG(on_wakeup, struct task_struct *task)
{
	struct task_struct___old *old = (void *)task;
	__u32 pid = task->pid;
	__u64 state = BPF_CORE_READ(old, state); // want BPF508 "`struct task_struct___old.state` is gone in Linux 6.1, 6.12, 6.18, 7.3 (arm64, x86_64)"

	bpf_map_update_elem(&states, &pid, &state, BPF_ANY);
	return 0;
}

/* Only the oldest lacks it. */
SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	__u32 pid = prev->pid;
	__u64 state = prev->__state; // want BPF508 "`struct task_struct.__state` does not exist in Linux 5.10 (arm64, x86_64)"

	bpf_map_update_elem(&states, &pid, &state, BPF_ANY);
	return 0;
}
