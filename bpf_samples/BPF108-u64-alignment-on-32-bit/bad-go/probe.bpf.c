// Keeps the last open of each process.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct last {
	__u32 pid;
	__u32 uid;
	__u32 count;
	__u32 flags;
	__u32 kind;
	__u64 when;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} events SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_openat")
int on_open(void *ctx)
{
	struct last *last = bpf_ringbuf_reserve(&events, sizeof(*last), 0);

	if (!last)
		return 0;
	__builtin_memset(last, 0, sizeof(*last));
	last->when = bpf_ktime_get_ns();
	bpf_ringbuf_submit(last, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
