#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct event { __u64 id; __u64 time; };

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} events SEC(".maps");

SEC("kprobe/do_exit")
int on_exit(void *ctx)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0); /* want BPF310 "`e` from bpf_ringbuf_reserve() is not released on the path that leaves at line 19" */

	if (!e)
		return 0;
	if (bpf_get_current_pid_tgid() >> 32 == 1)
		return 0;
	e->id = bpf_get_current_pid_tgid();
	e->time = bpf_ktime_get_ns();
	bpf_ringbuf_submit(e, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
