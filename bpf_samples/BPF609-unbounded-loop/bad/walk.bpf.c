// Loops that end when memory says so: the verifier cannot count their turns.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

int depth;

SEC("kprobe/do_exit")
int on_exit(struct pt_regs *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	int seen = 0;

	while (BPF_CORE_READ(task, pid) != 1) { // want BPF609 "ends only when memory says so"
		task = BPF_CORE_READ(task, real_parent);
		seen |= 1;
	}
	depth = seen;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
