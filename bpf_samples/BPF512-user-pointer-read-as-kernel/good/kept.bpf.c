// Kept in a map: user memory read as such, and places where a map holds addresses of both kinds.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct opening {
	const char *path;
	void *place;
	u64 kernel;
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

char buffer[64];

SEC("tp/syscalls/sys_enter_openat")
int on_open(struct trace_event_raw_sys_enter *ctx)
{
	u32 thread = bpf_get_current_pid_tgid();
	struct opening opening = {.path = (const char *)ctx->args[1], .place = (void *)ctx->args[2]};
	u64 start = ctx->args[1];

	bpf_map_update_elem(&openings, &thread, &opening, BPF_ANY);
	bpf_map_update_elem(&buffers, &thread, &start, BPF_ANY);
	return 0;
}

/* The same members and the same map, for what the kernel reads into its own memory. */
SEC("kprobe/kernel_read")
int BPF_KPROBE(on_kernel_read, struct file *file, void *to)
{
	u32 thread = bpf_get_current_pid_tgid();
	struct opening opening = {.place = to, .kernel = 1};
	u64 start = (u64)to;

	bpf_map_update_elem(&openings, &thread, &opening, BPF_ANY);
	bpf_map_update_elem(&buffers, &thread, &start, BPF_ANY);
	return 0;
}

SEC("tp/syscalls/sys_exit_openat")
int on_opened(struct trace_event_raw_sys_exit *ctx)
{
	u32 thread = bpf_get_current_pid_tgid();
	struct opening *opening = bpf_map_lookup_elem(&openings, &thread);
	u64 *start = bpf_map_lookup_elem(&buffers, &thread);

	if (!opening || !start)
		return 0;
	bpf_probe_read_user_str(buffer, sizeof(buffer), opening->path);
	if (opening->kernel) {
		bpf_probe_read_kernel(buffer, 8, opening->place);
		bpf_probe_read_kernel(buffer + 8, 8, (void *)*start);
	}
	bpf_map_delete_elem(&openings, &thread);
	bpf_map_delete_elem(&buffers, &thread);
	return 0;
}

/* Nobody reads through the address of a system call: it is told apart, or only shown. */
struct piece {
	void *start;
	void *task;
	u64 kind;
};

static __always_inline int send(struct piece *piece)
{
	if (piece->kind == 2)
		bpf_probe_read_kernel(buffer, 16, piece->start);
	bpf_probe_read_kernel(buffer + 16, 16, piece->task);
	return 0;
}

SEC("tp/syscalls/sys_enter_writev")
int on_writev(struct trace_event_raw_sys_enter *ctx)
{
	struct piece piece = {.kind = 1};

	piece.start = (void *)ctx->args[1];
	piece.task = (void *)ctx->args[2];
	piece.task = (void *)bpf_get_current_task();
	return send(&piece);
}

SEC("kprobe/ip_send_skb")
int on_send(struct pt_regs *ctx)
{
	struct piece piece = {.kind = 2};

	piece.start = (void *)PT_REGS_PARM3(ctx);
	return send(&piece);
}

char LICENSE[] SEC("license") = "GPL";
