/* Reservations that are filled, cleared or given back; padding and text are left to the earlier event. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct event {
	__u8 kind;
	__u32 pid;
	__u32 count;
	__u64 values[8];
	char path[64];
};
struct header {
	__u32 kind;
	__u32 size;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} events SEC(".maps");

char LICENSE[] SEC("license") = "GPL";

static __always_inline int fill(struct event *event, __u32 kind)
{
	if (!kind)
		return -1;
	event->kind = kind;
	event->pid = bpf_get_current_pid_tgid() >> 32;
	return 0;
}

SEC("kprobe/vfs_open")
int filled(struct pt_regs *ctx)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return 0;
	if (fill(event, bpf_get_smp_processor_id())) {
		bpf_ringbuf_discard(event, 0);
		return 0;
	}
	event->count = 8;
	for (int i = 0; i < 8; i++)
		event->values[i] = i;
	bpf_probe_read_user_str(event->path, sizeof(event->path), ctx);
	bpf_ringbuf_submit(event, 0);
	return 0;
}

SEC("kprobe/vfs_read")
int cleared(struct pt_regs *ctx)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (event) {
		__builtin_memset(event, 0, sizeof(*event));
		event->kind = 2;
		bpf_ringbuf_submit(event, 0);
	}
	return 0;
}

SEC("kprobe/vfs_write")
int counted(struct pt_regs *ctx)
{
	struct event *event;
	__u32 count = bpf_get_smp_processor_id() & 7;

	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	*event = (struct event){ .kind = 3, .count = count };
	for (__u32 i = 0; i < count; i++)
		event->values[i] = i;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

SEC("kprobe/vfs_fsync")
int header_only(struct pt_regs *ctx)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(struct header), 0);
	struct header *header = (void *)event;

	if (!header)
		return 0;
	header->kind = 4;
	header->size = sizeof(*header);
	bpf_ringbuf_submit(header, 0);
	return 0;
}
