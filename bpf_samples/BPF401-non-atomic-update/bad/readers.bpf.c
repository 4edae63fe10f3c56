// Counts by what is read from the current task: its parent, its user, its cgroup have other tasks too.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct counts { u64 forks, opens, groups; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, struct counts);
} counted SEC(".maps");

SEC("tp_btf/sched_process_exec")
int on_exec(u64 *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	u32 parent = BPF_CORE_READ(task, real_parent, pid);
	struct counts *c = bpf_map_lookup_elem(&counted, &parent);

	if (c)
		c->forks++; // want BPF401 "c->forks"
	return 0;
}

SEC("kprobe/vfs_open")
int on_open(void *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	u32 user = BPF_CORE_READ(task, cred, uid.val);
	struct counts *c = bpf_map_lookup_elem(&counted, &user);

	if (c)
		c->opens++; // want BPF401 "c->opens"
	return 0;
}

SEC("kprobe/vfs_read")
int on_read(void *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct task_struct *leader = task->group_leader;
	u32 group = leader->pid;
	struct counts *c = bpf_map_lookup_elem(&counted, &group);

	if (c)
		c->groups++; // want BPF401 "c->groups"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
