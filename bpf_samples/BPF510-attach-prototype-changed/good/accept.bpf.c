#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u64);
} errors SEC(".maps");

struct proto_accept_arg___new {
	int err;
} __attribute__((preserve_access_index));

/* It asks the running kernel which of the two prototypes it has. */
SEC("kprobe/inet_csk_accept")
int BPF_KPROBE(on_accept, struct sock *sk, void *second, int *err)
{
	__u64 id = bpf_get_current_pid_tgid(), place = (__u64)err;

	if (bpf_core_type_exists(struct proto_accept_arg___new))
		place = (__u64)second;
	bpf_map_update_elem(&errors, &id, &place, BPF_ANY);
	return 0;
}

/* The old and the new form stand side by side: user space loads one of them. */
SEC("fexit/inet_csk_accept")
int BPF_PROG(on_accepted_old, struct sock *sk, int flags, int *err, bool kern, struct sock *child)
{
	__u64 id = bpf_get_current_pid_tgid();

	if (!child)
		bpf_map_delete_elem(&errors, &id);
	return 0;
}

SEC("fexit/inet_csk_accept")
int BPF_PROG(on_accepted, struct sock *sk, void *arg, struct sock *child)
{
	__u64 id = bpf_get_current_pid_tgid();

	if (!child)
		bpf_map_delete_elem(&errors, &id);
	return 0;
}

/* Declared as the old kernels have it, but only what all have is read. */
SEC("fentry/inet_csk_accept")
int BPF_PROG(on_entry, struct sock *sk, int flags, int *err, bool kern)
{
	__u64 id = bpf_get_current_pid_tgid(), place = (__u64)sk;

	bpf_map_update_elem(&errors, &id, &place, BPF_ANY);
	return 0;
}

/* The result stands behind the arguments. */
SEC("fexit/tcp_v4_connect")
int BPF_PROG(on_connect, struct sock *sk, struct sockaddr *address, int length, int result)
{
	__u64 id = bpf_get_current_pid_tgid(), place = result;

	bpf_map_update_elem(&errors, &id, &place, BPF_ANY);
	return 0;
}

/* LSM programs are given the result of those before them. */
SEC("lsm/file_open")
int BPF_PROG(on_open, struct file *file, int result)
{
	return result;
}

/* The loader asks before it takes this one. */
SEC("?kprobe/inet_csk_accept")
int BPF_KPROBE(on_accept_4, struct sock *sk, int flags, int *err, bool kern)
{
	__u64 id = bpf_get_current_pid_tgid(), place = (__u64)err;

	bpf_map_update_elem(&errors, &id, &place, BPF_ANY);
	return 0;
}

/* No function of the kernel's: nothing is known of it. */
SEC("kprobe/some_module_function")
int BPF_KPROBE(on_module, void *one, void *two, void *three)
{
	__u64 id = bpf_get_current_pid_tgid(), place = (__u64)three;

	bpf_map_update_elem(&errors, &id, &place, BPF_ANY);
	return 0;
}

/* The wrapper takes registers; the system call's arguments are in them. */
#ifdef __TARGET_ARCH_arm64
#define WRAPPER "__arm64_"
#else
#define WRAPPER "__x64_"
#endif
SEC("kprobe/" WRAPPER "sys_read")
int BPF_KSYSCALL(on_read, int fd, void *buffer, size_t size)
{
	__u64 id = bpf_get_current_pid_tgid(), place = size;

	bpf_map_update_elem(&errors, &id, &place, BPF_ANY);
	return 0;
}

/* What was decided before stands behind the hook's arguments. */
SEC("lsm_cgroup/socket_connect")
int BPF_PROG(on_cgroup_connect, struct socket *sock, struct sockaddr *address, int length, int ret)
{
	return ret ? 0 : 1;
}
