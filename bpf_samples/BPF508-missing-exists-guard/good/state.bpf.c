#include "vmlinux.h"
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
	__u64 state;

	if (bpf_core_field_exists(old->state))
		state = BPF_CORE_READ(old, state);
	else
		state = BPF_CORE_READ(task, __state);
	bpf_map_update_elem(&states, &pid, &state, BPF_ANY);
	return 0;
}

struct bio___old {
	struct gendisk *bi_disk;
} __attribute__((preserve_access_index));

/* Newer kernels do not have what this one attaches to either: there it is the loader that says so. */
SEC("?fentry/blk_queue_split")
int BPF_PROG(on_split, struct bio **bio)
{
	struct bio___old *old = (void *)*bio;
	__u64 disk = (__u64)BPF_CORE_READ(old, bi_disk);
	__u32 key = 0;

	bpf_map_update_elem(&states, &key, &disk, BPF_ANY);
	return 0;
}
