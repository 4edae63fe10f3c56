// Two helper calls where a cast and two loads would do.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

SEC("tp_btf/sched_process_exit")
int on_exit(__u64 *ctx)
{
	struct task_struct *task = (void *)ctx[0];

	return BPF_CORE_READ(task, real_parent, pid); // want BPF906 "bpf_core_cast()"
}

char LICENSE[] SEC("license") = "GPL";
