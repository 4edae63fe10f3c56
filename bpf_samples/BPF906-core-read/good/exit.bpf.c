// The same program for a kernel that lacks the newer form.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

SEC("tp_btf/sched_process_exit")
int on_exit(__u64 *ctx)
{
	struct task_struct *task = (void *)ctx[0];

	return BPF_CORE_READ(task, real_parent, pid);
}

char LICENSE[] SEC("license") = "GPL";
