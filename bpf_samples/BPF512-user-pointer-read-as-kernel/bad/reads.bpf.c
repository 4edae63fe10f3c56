// Arguments of system calls and of user functions, read as if they were the kernel's.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

#ifdef __TARGET_ARCH_arm64
#define SYS "__arm64_sys_"
#else
#define SYS "__x64_sys_"
#endif

char buffer[64];

SEC("ksyscall/connect")
int BPF_KSYSCALL(on_connect, int fd, struct sockaddr *address, int length)
{
	struct sockaddr copy;

	bpf_probe_read_kernel(&copy, sizeof(copy), address); // want BPF512 "`address` points into user space"
	return copy.sa_family;
}

SEC("kprobe/vfs_write")
int BPF_KPROBE(on_write, struct file *file, const char *data, size_t size)
{
	bpf_probe_read_kernel(&buffer, 8, data + 4); // want BPF512 "use bpf_probe_read_user()"
	return 0;
}

SEC("uprobe//usr/lib/libc.so.6:getaddrinfo")
int on_lookup(struct pt_regs *ctx)
{
	bpf_probe_read_kernel_str(&buffer, 64, (void *)PT_REGS_PARM1(ctx)); // want BPF512 "use bpf_probe_read_user_str()"
	return 0;
}

SEC("uprobe")
int BPF_UPROBE(on_call, const char *name)
{
	bpf_probe_read_kernel_str(&buffer, 64, name); // want BPF512 "`name` points into user space"
	return 0;
}

static __always_inline void first_word(const char **list)
{
	const char *word = NULL;

	bpf_probe_read(&word, sizeof(word), &list[0]); // want BPF512 "as on s390x: use bpf_probe_read_user() here and in 2 other places"
	bpf_probe_read_str(&buffer, 32, word);
	bpf_probe_read_str(&buffer[32], 32, word + 32);
}

SEC("tp/syscalls/sys_enter_execve")
int on_exec(struct trace_event_raw_sys_enter *ctx)
{
	const char **list = (const char **)ctx->args[1];

	first_word(list);
	return 0;
}

SEC("kprobe/" SYS "openat")
int on_open(struct pt_regs *ctx)
{
	struct pt_regs *regs = (struct pt_regs *)PT_REGS_PARM1(ctx);
	void *path;

	bpf_probe_read_kernel(&path, sizeof(path), &PT_REGS_PARM2(regs));
	bpf_probe_read_kernel_str(&buffer, 64, path); // want BPF512 "`path` points into user space"
	return 0;
}

static __always_inline unsigned long syscall_get_argument(struct trace_event_raw_sys_enter *ctx, int number)
{
	return number == 0 ? ctx->args[0] : ctx->args[1];
}

SEC("tp/syscalls/sys_enter_sendfile")
int on_sendfile(struct trace_event_raw_sys_enter *ctx)
{
	unsigned long offset = 0, pointer = syscall_get_argument(ctx, 1);

	bpf_probe_read_kernel(&offset, sizeof(offset), (void *)pointer); // want BPF512 "`pointer` points into user space"
	return offset;
}

char LICENSE[] SEC("license") = "GPL";
