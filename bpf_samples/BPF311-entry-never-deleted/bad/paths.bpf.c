// The exit program deletes what the entry program stored, but for one way out of it.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} opened SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} opens SEC(".maps");

const volatile __u32 only;

SEC("kprobe/vfs_read")
int open_enter(struct pt_regs *ctx)
{
	__u32 tid = bpf_get_current_pid_tgid();
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&opened, &tid, &now, BPF_ANY);
	return 0;
}

static __always_inline int leave(long result)
{
	__u64 id = bpf_get_current_pid_tgid(), *since;
	__u32 tid = id;

	since = bpf_map_lookup_elem(&opened, &tid);
	if (!since)
		return 0;
	if (only && only != id >> 32)
		return 0; // want BPF311 "this way out leaves the entry of `opened` that line 35 has found; line 44 deletes it"
	if (result < 0)
		goto end;
	bpf_ringbuf_output(&opens, since, sizeof(*since), 0);
end:
	bpf_map_delete_elem(&opened, &tid);
	return 0;
}

SEC("kretprobe/vfs_read")
int BPF_KRETPROBE(open_exit, long result)
{
	return leave(result);
}

char LICENSE[] SEC("license") = "GPL";
