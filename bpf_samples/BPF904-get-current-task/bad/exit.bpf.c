// A typed pointer to the current task can be had.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

SEC("tp/sched/sched_process_exit")
int on_exit(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task(); // want BPF904 "bpf_get_current_task_btf()"

	return BPF_CORE_READ(task, pid);
}

char LICENSE[] SEC("license") = "GPL";
