// A copy of a kernel struct without relocations: right for the kernel it was copied from alone.
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct dentry {
	void *d_parent;
};

struct file {
	char pad[24];
	struct dentry *f_dentry;
};

__u64 parents;

SEC("kprobe/vfs_open")
int BPF_KPROBE(on_open, void *path, struct file *file)
{
	struct dentry *dentry;
	void *parent;

	bpf_probe_read_kernel(&dentry, sizeof(dentry), &file->f_dentry); // want BPF507 "`struct file` is declared here without preserve_access_index"
	bpf_probe_read_kernel(&parent, sizeof(parent), &dentry->d_parent); // want BPF507 "`struct dentry` is declared here"
	parents = (__u64)parent;
	return 0;
}

struct sched_switch_args {
	__u64 common;
	char prev_comm[16];
	__s32 prev_pid;
};

SEC("tracepoint/sched/sched_switch")
int on_switch(struct sched_switch_args *ctx)
{
	parents = ctx->prev_pid; // want BPF507 "fixed offset 24 in the record of sched/sched_switch"
	return ctx->prev_comm[0];
}

char LICENSE[] SEC("license") = "GPL";
