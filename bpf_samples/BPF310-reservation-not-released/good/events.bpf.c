#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct event { __u64 id; __u64 time; };

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} events SEC(".maps");

static __always_inline struct event *reserve(void)
{
	return bpf_ringbuf_reserve(&events, sizeof(struct event), 0);
}

static __always_inline void send(struct event *e)
{
	e->time = bpf_ktime_get_ns();
	bpf_ringbuf_submit(e, 0);
}

SEC("kprobe/do_exit")
int on_exit(void *ctx)
{
	struct event *e = reserve();

	if (!e)
		return 0;
	e->id = bpf_get_current_pid_tgid();
	if (e->id >> 32 == 1) {
		bpf_ringbuf_discard(e, 0);
		return 0;
	}
	send(e);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
