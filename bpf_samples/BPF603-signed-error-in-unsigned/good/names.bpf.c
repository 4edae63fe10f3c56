// Signed where errors come back, bounded where not, and comparisons with zero that ask something else.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct event { u32 len; u32 stack; char name[64]; };

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 16);
	__uint(key_size, sizeof(u32));
	__uint(value_size, 127 * sizeof(u64));
} stacks SEC(".maps");

#define FIRST 0

SEC("kprobe/vfs_open")
int on_open(void *ctx)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	u32 cpu = bpf_get_smp_processor_id();
	long len;

	if (!event)
		return 0;
	len = bpf_probe_read_kernel_str(event->name, sizeof(event->name), ctx);
	if (len < 0)
		goto drop;
	event->len = bpf_probe_read_kernel_str(event->name, sizeof(event->name), ctx);
	if (event->len > sizeof(event->name)) // an error is a huge length
		goto drop;
	event->stack = bpf_get_stackid(ctx, &stacks, 0);
	if ((int)event->stack < 0)
		goto drop;
	if (cpu >= FIRST)
		event->len = len;
	bpf_ringbuf_submit(event, 0);
	return 0;
drop:
	bpf_ringbuf_discard(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

static __always_inline s32 version_of(const char *request)
{
	u16 version;

	bpf_probe_read_user(&version, sizeof(version), request);
	return bpf_ntohs(version);
}

// What is never negative has no error: the comparison is dead, and loses none.
SEC("uprobe/read")
int on_request(void *ctx)
{
	u16 version = version_of(ctx);

	if (version < 0 || version > 12)
		return 1;
	return 0;
}
