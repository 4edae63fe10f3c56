// Each map is filled on entry and read on exit; the LRU that was meant, or the delete, is missing.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, __u64);
} started SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u64);
} connects SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} names SEC(".maps");

__u64 longest;

static __u64 *since(void *map, void *key)
{
	return bpf_map_lookup_elem(map, key);
}

SEC("kprobe/vfs_read")
int read_enter(struct pt_regs *ctx)
{
	__u32 tid = bpf_get_current_pid_tgid();
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&started, &tid, &now, BPF_ANY); // want BPF311 "`started` takes an entry for each thread or object that enters `vfs_read`"
	return 0;
}

SEC("kretprobe/vfs_read")
int read_leave(struct pt_regs *ctx)
{
	__u32 tid = bpf_get_current_pid_tgid();
	__u64 *ts = bpf_map_lookup_elem(&started, &tid);

	if (ts)
		longest = bpf_ktime_get_ns() - *ts;
	return 0;
}

// The key is a kernel object, and the lookup goes through a helper.
SEC("fentry/tcp_v4_connect")
int BPF_PROG(connect_enter, struct sock *sk)
{
	__u64 key = (__u64)sk, now = bpf_ktime_get_ns();

	bpf_map_update_elem(&connects, &key, &now, BPF_NOEXIST); // want BPF311 "`connects` takes an entry"
	return 0;
}

SEC("fexit/tcp_v4_connect")
int BPF_PROG(connect_leave, struct sock *sk)
{
	__u64 key = (__u64)sk;
	__u64 *ts = since(&connects, &key);

	if (ts)
		longest = bpf_ktime_get_ns() - *ts;
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_openat")
int open_enter(struct trace_event_raw_sys_enter *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	__u64 name = ctx->args[1];

	bpf_map_update_elem(&names, &pid, &name, BPF_ANY); // want BPF311 "enters `openat`, and nothing ever deletes one"
	return 0;
}

SEC("tracepoint/syscalls/sys_exit_openat")
int open_leave(struct trace_event_raw_sys_exit *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	__u64 *name = bpf_map_lookup_elem(&names, &pid);

	if (name)
		longest = *name;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
