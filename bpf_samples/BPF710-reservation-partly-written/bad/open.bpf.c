/* Reserved memory that is submitted with fields of an earlier event in it. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define FLAG_STACK 1

struct address {
	__u32 family;
	union {
		__u32 v4;
		__u32 v6[4];
	};
};
struct event {
	__u32 pid;
	__u32 uid;
	__s64 stack;
	char path[64];
	struct address from;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event);
} scratch SEC(".maps");

const volatile bool with_stack = false;

char LICENSE[] SEC("license") = "GPL";

static __always_inline void *reserve(void *map, __u64 size)
{
	return bpf_ringbuf_reserve(map, size, 0);
}

static __always_inline void read_path(char *into, const char *from) // want BPF710 "`read_path()` returns on some paths without having written `path`"
{
	if (!from)
		return;
	bpf_probe_read_user_str(into, 64, from);
}

static __always_inline void set_address(struct address *address, struct pt_regs *ctx)
{
	if (with_stack) {
		address->family = 10;
		bpf_probe_read_kernel(address->v6, sizeof(address->v6), ctx);
	} else {
		address->family = 2;
		bpf_probe_read_kernel(&address->v4, sizeof(address->v4), ctx);
	}
}

SEC("kprobe/vfs_open")
int direct(struct pt_regs *ctx)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return 0;
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->stack = 0;
	__builtin_memset(event->path, 0, sizeof(event->path));
	__builtin_memset(&event->from, 0, sizeof(event->from));
	bpf_ringbuf_submit(event, 0); // want BPF710 "bytes 4..7 (`uid`)"
	return 0;
}

SEC("kprobe/vfs_read")
int through_wrappers(struct pt_regs *ctx)
{
	struct event *event = reserve(&events, sizeof(struct event));

	if (!event)
		return 0;
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->uid = 0;
	if (with_stack)
		event->stack = bpf_get_stack(ctx, event->path, sizeof(event->path), 0);
	read_path(event->path, (void *)ctx);
	set_address(&event->from, ctx);
	bpf_ringbuf_submit(event, 0); // want BPF710 "bytes 8..15 (`stack`)" BPF113 "bytes 88..99 (part of `from`)"
	return 0;
}

SEC("kprobe/vfs_write")
int from_scratch(struct pt_regs *ctx)
{
	__u32 zero = 0;
	struct event *event = bpf_map_lookup_elem(&scratch, &zero);

	if (!event)
		return 0;
	event->pid = bpf_get_current_pid_tgid() >> 32;
	if (bpf_get_current_uid_gid())
		event->uid = 1;
	return bpf_ringbuf_output(&events, event, sizeof(*event), 0); // want BPF710 "bytes 4..7 (`uid`)"
}

SEC("tc")
int of_packet(struct __sk_buff *skb)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return 0;
	event->pid = skb->len;
	event->uid = skb->mark;
	__builtin_memset(event->path, 0, sizeof(event->path));
	__builtin_memset(&event->from, 0, sizeof(event->from));
	bpf_ringbuf_submit(event, 0); // want BPF710 "bytes 8..15 (`stack`)"
	return 0;
}
