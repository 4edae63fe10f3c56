// Kernel memory read by plain loads that the verifier does not take, or not on every kernel.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

__u64 seen;

SEC("kprobe/do_exit")
int on_exit(struct pt_regs *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	seen = task->pid; // want BPF507 "bpf_get_current_task() returns a number"
	return 0;
}

SEC("iter/task_file")
int dump(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;

	if (!task)
		return 0;
	if (task->cred->uid.val) // want BPF507 "`task->cred` is `__rcu`"
		seen = 1;
	return 0;
}

static __always_inline __u32 user_of(struct task_struct *task)
{
	const struct cred *cred = task->real_cred;

	return cred->uid.val; // want BPF507 "`task->real_cred` is `__rcu`"
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	seen = user_of(child);
	return 0;
}

SEC("lsm/task_kill")
int BPF_PROG(on_kill, struct task_struct *p, struct kernel_siginfo *info, int sig, const struct cred *cred)
{
	struct task_struct *me = bpf_get_current_task_btf();

	return me->group_leader->cred->uid.val == 0; // want BPF507 "`me->group_leader->cred` is `__rcu`"
}

char LICENSE[] SEC("license") = "GPL";
