// The same program for a kernel that lacks the newer form.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("tp/sched/sched_process_exit")
int on_exit(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	int pid;

	bpf_probe_read(&pid, sizeof(pid), &task->pid);
	return pid;
}

char LICENSE[] SEC("license") = "GPL";
