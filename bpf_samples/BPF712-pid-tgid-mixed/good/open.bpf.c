// The same half on both sides; `pid` is the kernel's word for a thread; a filter may know both.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, __u64);
} starts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u8);
} wanted SEC(".maps");

__u64 last;

SEC("tp/syscalls/sys_enter_openat")
int on_enter(struct trace_event_raw_sys_enter *ctx)
{
	__u64 pid_tgid = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();
	__u32 pid = pid_tgid, tgid = pid_tgid >> 32;

	if (!bpf_map_lookup_elem(&wanted, &pid) && !bpf_map_lookup_elem(&wanted, &tgid))
		return 0;
	bpf_map_update_elem(&starts, &pid, &now, BPF_ANY);
	return 0;
}

SEC("tp/syscalls/sys_exit_openat")
int on_leave(struct trace_event_raw_sys_exit *ctx)
{
	__u32 tid = bpf_get_current_pid_tgid() & 0xffffffff;
	__u64 *start = bpf_map_lookup_elem(&starts, &tid);

	if (start)
		last = *start;
	bpf_map_delete_elem(&starts, &tid);
	return 0;
}

/* A child inherits what its parent's process asked for. */
SEC("tp_btf/sched_process_fork")
int on_fork(__u64 *ctx)
{
	struct task_struct *child = (void *)ctx[1];
	__u32 tgid = child->tgid;
	__u8 one = 1;

	bpf_map_update_elem(&wanted, &tgid, &one, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
