// Structs of the project's own that happen to be named like the kernel's, and contexts that are interfaces.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct socket {
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct socket);
} sockets SEC(".maps");

struct exit_args {
	__u64 common;
	long number;
	long result;
};

SEC("tracepoint/syscalls/sys_exit_close")
int on_close(struct exit_args *ctx)
{
	__u32 key = 0;
	struct socket *socket = bpf_map_lookup_elem(&sockets, &key);

	if (!socket)
		return 0;
	socket->bytes += ctx->result;
	return 0;
}

/* The loader looks at the event's format and takes the program that fits. */
struct free_args {
	__u64 common;
	__u32 pid;
};

SEC("tracepoint/sched/sched_process_free/v1")
int on_free(struct free_args *ctx)
{
	return ctx->pid;
}

char LICENSE[] SEC("license") = "GPL";
