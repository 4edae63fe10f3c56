// Relocated, trusted, tested or stable: nothing here depends on the kernel that the source was written for.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

__u64 seen;

/* Copies with the attribute, by itself and by the pragma. */
struct task_struct___old {
	long state;
} __attribute__((preserve_access_index));

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct cred___x {
	struct {
		long counter;
	} usage;
};
#pragma clang attribute pop

SEC("kprobe/do_exit")
int on_exit(struct pt_regs *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct task_struct___old *old = (void *)task;
	int tgid;

	seen = BPF_CORE_READ(task, real_parent, pid);
	bpf_probe_read_kernel(&tgid, sizeof(tgid), &task->tgid);
	if (bpf_core_field_exists(old->state))
		seen = BPF_CORE_READ(old, state);
	return tgid + BPF_CORE_READ((struct cred___x *)task, usage.counter);
}

/* One hop from a trusted pointer that RCU does not protect; RCU-protected ones after a test, or never NULL. */
SEC("iter/task")
int dump(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	const struct cred *cred;

	if (!task)
		return 0;
	seen = task->pid + task->mm->total_vm + task->nsproxy->mnt_ns->ns.inum;
	cred = task->cred;
	if (cred)
		seen = cred->uid.val;
	return task->real_parent->tgid;
}

/* In a program that sleeps the pointer is merely untrusted: loads from it are allowed. */
SEC("lsm.s/file_open")
int BPF_PROG(on_file, struct file *file)
{
	struct task_struct *me = bpf_get_current_task_btf();

	seen = me->cred->uid.val;
	return file->f_inode->i_ino == 0;
}

/* What is read through a cast or a probe read carries no tag; the address of a member is no load. */
SEC("fentry/vfs_unlink")
int BPF_PROG(on_unlink)
{
	struct task_struct *me = bpf_core_cast(bpf_get_current_task(), struct task_struct);
	char comm[16];

	bpf_probe_read_kernel_str(comm, sizeof(comm), bpf_get_current_task_btf()->comm);
	seen = me->cred->uid.val + comm[0];
	return 0;
}

SEC("tp/sched/sched_switch")
int on_switch(struct trace_event_raw_sched_switch *ctx)
{
	return ctx->prev_pid;
}

SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	return ctx->data_end - ctx->data > 60 ? XDP_PASS : XDP_DROP;
}

SEC("tc")
int on_frame(struct __sk_buff *skb)
{
	return skb->len > 1500;
}

char LICENSE[] SEC("license") = "GPL";
