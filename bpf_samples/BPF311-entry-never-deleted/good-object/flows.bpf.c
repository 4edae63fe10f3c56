#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct owner {
	__u32 pid;
	__u32 id;
};

struct bytes {
	__u64 sent;
};

/* of each socket, who opened it */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct sock *);
	__type(value, struct owner);
} owners SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct owner);
	__type(value, struct bytes);
} traffic SEC(".maps");

SEC("kprobe/tcp_connect")
int BPF_KPROBE(opened, struct sock *sk)
{
	struct owner owner = {};

	owner.pid = bpf_get_current_pid_tgid() >> 32;
	owner.id = bpf_get_prandom_u32();
	bpf_map_update_elem(&owners, &sk, &owner, BPF_ANY);
	return 0;
}

SEC("kprobe/tcp_cleanup_rbuf")
int BPF_KPROBE(received, struct sock *sk, int copied)
{
	struct bytes bytes = {};
	struct owner *owner = bpf_map_lookup_elem(&owners, &sk);

	if (!owner || copied <= 0)
		return 0;
	bytes.sent = copied;
	bpf_map_update_elem(&traffic, owner, &bytes, BPF_ANY);
	return 0;
}

/* The entry goes with the socket. */
SEC("kprobe/tcp_v4_destroy_sock")
int BPF_KPROBE(closed, struct sock *sk)
{
	bpf_map_delete_elem(&owners, &sk);
	return 0;
}

/* User space looks into this one: it deletes, too. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct sock *);
	__type(value, __u64);
} opened_at SEC(".maps");

SEC("kprobe/inet_csk_accept")
int BPF_KPROBE(accepting, struct sock *sk)
{
	__u64 now = bpf_ktime_get_ns();

	if (!bpf_map_lookup_elem(&opened_at, &sk))
		bpf_map_update_elem(&opened_at, &sk, &now, BPF_ANY);
	return 0;
}

/* Kinds of sockets are few. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} kinds SEC(".maps");

SEC("kprobe/inet_create")
int BPF_KPROBE(made, struct net *net, struct socket *sock)
{
	__u32 kind = BPF_CORE_READ(sock, type);
	__u64 one = 1;

	if (!bpf_map_lookup_elem(&kinds, &kind))
		bpf_map_update_elem(&kinds, &kind, &one, BPF_ANY);
	return 0;
}

/* What was there at the start: filled by an iterator, once. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct task_struct *);
	__type(value, __u32);
} before SEC(".maps");

SEC("iter/task")
int list(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	__u32 pid;

	if (!task)
		return 0;
	pid = task->tgid;
	bpf_map_update_elem(&before, &task, &pid, BPF_ANY);
	return 0;
}

SEC("kprobe/do_exit")
int BPF_KPROBE(leaving)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	__u32 *pid = bpf_map_lookup_elem(&before, &task);

	return pid ? *pid : 0;
}

char LICENSE[] SEC("license") = "GPL";
