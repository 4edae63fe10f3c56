// The kernels that are configured have helpers for each kind of memory.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("tp/sched/sched_process_exit")
int on_exit(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	int pid;

	bpf_probe_read(&pid, sizeof(pid), &task->pid); // want BPF901 "bpf_probe_read() does not say whose"
	return pid;
}

char LICENSE[] SEC("license") = "GPL";
