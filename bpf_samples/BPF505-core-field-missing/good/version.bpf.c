/* Built once for each kernel: the preprocessor chooses. */
#include "vmlinux.h"
#include <linux/version.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

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
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
	__u64 state = BPF_CORE_READ(task, __state);
#else
	__u64 state = BPF_CORE_READ(old, state);
#endif

	bpf_map_update_elem(&states, &pid, &state, BPF_ANY);
	return 0;
}
