// The entry is stored for the thread and looked for by the process.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, __u64);
} starts SEC(".maps");

__u64 last;

SEC("tp/syscalls/sys_enter_openat")
int on_enter(struct trace_event_raw_sys_enter *ctx)
{
	__u64 id = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();
	__u32 tid = (__u32)id;

	bpf_map_update_elem(&starts, &tid, &now, BPF_ANY);
	return 0;
}

SEC("tp/syscalls/sys_exit_openat")
int on_leave(struct trace_event_raw_sys_exit *ctx)
{
	__u64 id = bpf_get_current_pid_tgid();
	__u32 pid = id >> 32;
	__u64 *start = bpf_map_lookup_elem(&starts, &pid); // want BPF712 "`starts` is filled by the thread id"

	if (start)
		last = *start;
	return 0;
}

SEC("tp/sched/sched_process_exit")
int on_exit(void *ctx)
{
	__u32 tgid = bpf_get_current_pid_tgid(); // want BPF712 "`tgid` gets the thread id"
	__u32 tid = bpf_get_current_pid_tgid() >> 32; // want BPF712 "`tid` gets the process id"

	last = tgid == tid;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
