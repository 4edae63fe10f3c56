/* Stack memory that reaches user space through events and map values. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct event {
	__u32 pid;
	__u64 when;
	char comm[16];
	__u8 kind;
};
struct waited {
	__u64 delta;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct waited);
} waits SEC(".maps");

char LICENSE[] SEC("license") = "GPL";

SEC("kprobe/vfs_open")
int field_by_field(struct pt_regs *ctx)
{
	struct event event;

	event.pid = bpf_get_current_pid_tgid() >> 32;
	event.when = bpf_ktime_get_ns();
	event.kind = 1;
	bpf_get_current_comm(&event.comm, sizeof(event.comm));
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &event, sizeof(event)); // want BPF113 "bytes 4..7 (hole after `pid`), bytes 33..39 (tail after `kind`) of its 40 bytes are never written"
	return 0;
}

SEC("kprobe/vfs_read")
int by_list(struct pt_regs *ctx)
{
	struct event event = { .pid = 1, .when = bpf_ktime_get_ns(), .kind = bpf_get_smp_processor_id() };

	bpf_get_current_comm(&event.comm, sizeof(event.comm));
	return bpf_ringbuf_output(&ring, &event, sizeof(event), 0); // want BPF113 "left to the compiler by an initialiser list"
}

SEC("kprobe/vfs_write")
int by_branch(struct pt_regs *ctx)
{
	struct waited waited;
	__u32 pid = bpf_get_current_pid_tgid() >> 32;

	bpf_probe_read_kernel_str(&waited.comm, sizeof(waited.comm), ctx);
	if (pid)
		waited.delta = bpf_ktime_get_ns();
	return bpf_map_update_elem(&waits, &pid, &waited, BPF_ANY); // want BPF113 "bytes 0..7 (`delta`), bytes 9..23 (part of `comm`), behind the NUL of its 24 bytes are not written on every path"
}

SEC("tc")
int by_packet(struct __sk_buff *skb)
{
	struct event event;

	event.pid = skb->len;
	event.when = bpf_ktime_get_ns();
	event.kind = 2;
	__builtin_memset(event.comm, 0, sizeof(event.comm));
	bpf_ringbuf_output(&ring, &event, sizeof(event), 0); // want BPF113 "bytes 4..7 (hole after `pid`), bytes 33..39 (tail after `kind`) of its 40 bytes are never written"
	return 0;
}
