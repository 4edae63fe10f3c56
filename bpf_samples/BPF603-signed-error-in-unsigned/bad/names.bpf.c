// Reads names into events; an unsigned length can hold no error.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct event { u32 len; u32 depth; char name[64]; };

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} events SEC(".maps");

#define FAILED(code) ((code) < 0)

static __always_inline int depth_of(const void *dentry)
{
	return dentry ? 1 : -1;
}

static __always_inline int name_of(struct event *event, void *from)
{
	u32 got = bpf_probe_read_kernel_str(event->name, sizeof(event->name), from);

	return got; // negative again, whatever it was called on the way
}

SEC("kprobe/vfs_open")
int on_open(void *ctx)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	size_t got;
	u32 depth;

	if (!event)
		return 0;
	event->len = bpf_probe_read_kernel_str(event->name, sizeof(event->name), ctx);
	if (event->len < 0) // want BPF603 "`event->len` is unsigned"
		goto drop;
	got = bpf_get_current_comm(event->name, sizeof(event->name));
	if (FAILED(got)) // want BPF603 "a negative error of `bpf_get_current_comm()` is never seen here"
		goto drop;
	event->len = name_of(event, ctx);
	if (event->len < 0) // want BPF603 "`event->len` is unsigned"
		goto drop;
	depth = depth_of(ctx);
	if (depth < 0) // want BPF603 "a negative error of `depth_of()`"
		goto drop;
	event->depth = depth;
	bpf_ringbuf_submit(event, 0);
	return 0;
drop:
	bpf_ringbuf_discard(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
