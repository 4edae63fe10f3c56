/* Events and values whose bytes are all written, or of which only the written part is sent. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct event {
	__u32 pid;
	__u64 when;
	char comm[16];
	__u8 kind;
};
struct packet {
	__u32 length;
	__u8 data[64];
};
struct name {
	char text[64];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event);
} scratch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct event);
} started SEC(".maps");

char LICENSE[] SEC("license") = "GPL";

SEC("kprobe/vfs_open")
int cleared(struct pt_regs *ctx)
{
	struct event empty = {}, set, copy;
	__u32 zero = 0, one = 1;
	struct event *stored = bpf_map_lookup_elem(&started, &zero);

	empty.pid = 1;
	bpf_get_current_comm(&empty.comm, sizeof(empty.comm));
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &empty, sizeof(empty));
	__builtin_memset(&set, 0, sizeof(set));
	bpf_probe_read_kernel_str(&set.comm, sizeof(set.comm), ctx);
	bpf_map_update_elem(&started, &zero, &set, BPF_ANY);
	if (!stored)
		return 0;
	copy = *stored;
	copy.when = bpf_ktime_get_ns();
	return bpf_map_update_elem(&started, &one, &copy, BPF_EXIST);
}

SEC("kprobe/vfs_read")
int only_a_part(struct pt_regs *ctx)
{
	struct packet packet;
	struct name name;
	long length = bpf_probe_read_kernel_str(name.text, sizeof(name.text), ctx);

	packet.length = 8;
	__builtin_memset(packet.data, 1, 8);
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &packet, sizeof(packet.length) + 8);
	if (length > 0 && length <= sizeof(name.text))
		bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &name, length);
	return 0;
}

SEC("kprobe/vfs_write")
int kept(struct pt_regs *ctx)
{
	__u32 zero = 0;
	struct event *event = bpf_map_lookup_elem(&scratch, &zero);

	if (!event)
		return 0;
	event->pid = 1; // the rest was set by another program
	return bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, event, sizeof(*event));
}

SEC("kprobe/vfs_fsync")
int mostly_zero(struct pt_regs *ctx)
{
	struct event event = { .kind = 1 }; // clang clears 40 bytes of which one is set

	return bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &event, sizeof(event));
}
