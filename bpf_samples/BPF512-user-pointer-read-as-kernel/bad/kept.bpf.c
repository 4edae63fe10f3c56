// What a system call is given is kept in a map until it comes back.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct opening {
	const char *path;
	int flags;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, struct opening);
} openings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, u64);
} buffers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u32));
} events SEC(".maps");

SEC("tp/syscalls/sys_enter_openat")
int on_open(struct trace_event_raw_sys_enter *ctx)
{
	u32 thread = bpf_get_current_pid_tgid();
	struct opening opening = {};

	opening.path = (const char *)ctx->args[1];
	opening.flags = ctx->args[2];
	bpf_map_update_elem(&openings, &thread, &opening, BPF_ANY);
	return 0;
}

SEC("tp/syscalls/sys_exit_openat")
int on_opened(struct trace_event_raw_sys_exit *ctx)
{
	u32 thread = bpf_get_current_pid_tgid();
	struct opening *opening = bpf_map_lookup_elem(&openings, &thread);
	char path[64] = {};

	if (!opening)
		return 0;
	bpf_probe_read_kernel_str(path, sizeof(path), opening->path); // want BPF512 "`opening->path` points into user space"
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, path, sizeof(path));
	bpf_map_delete_elem(&openings, &thread);
	return 0;
}

static __always_inline int remember(u64 buffer)
{
	u32 thread = bpf_get_current_pid_tgid();

	return bpf_map_update_elem(&buffers, &thread, &buffer, BPF_ANY);
}

SEC("tp/syscalls/sys_enter_read")
int on_read(struct trace_event_raw_sys_enter *ctx)
{
	remember(ctx->args[1]);
	return 0;
}

SEC("tp/syscalls/sys_exit_read")
int on_did_read(struct trace_event_raw_sys_exit *ctx)
{
	u32 thread = bpf_get_current_pid_tgid();
	u64 *buffer = bpf_map_lookup_elem(&buffers, &thread);
	char start[16] = {};

	if (!buffer)
		return 0;
	bpf_probe_read_kernel(start, sizeof(start), (void *)*buffer); // want BPF512 "`*buffer` points into user space"
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, start, sizeof(start));
	bpf_map_delete_elem(&buffers, &thread);
	return 0;
}

/* Handed on in a struct, with addresses of which nobody knows what they are. */
struct piece {
	void *start;
	u32 length;
};

static __always_inline int send(void *ctx, struct piece *piece)
{
	char bytes[16] = {};

	if (piece->length < sizeof(bytes))
		return 0;
	bpf_probe_read_kernel(bytes, sizeof(bytes), piece->start); // want BPF512 "`piece->start` may point into user space, as `vector.iov_base` does"
	return bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, bytes, sizeof(bytes));
}

SEC("tp/syscalls/sys_enter_writev")
int on_writev(struct trace_event_raw_sys_enter *ctx)
{
	struct piece piece = {};
	struct iovec vector = {};

	bpf_probe_read_user(&vector, sizeof(vector), (void *)ctx->args[1]);
	piece.start = vector.iov_base;
	piece.length = vector.iov_len;
	return send(ctx, &piece);
}

SEC("kprobe/ip_send_skb")
int on_send(struct pt_regs *ctx)
{
	struct piece piece = {};

	piece.start = (void *)PT_REGS_PARM3(ctx);
	piece.length = 64;
	return send(ctx, &piece);
}

char LICENSE[] SEC("license") = "GPL";
