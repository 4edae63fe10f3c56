// User memory through the user helpers; kernel memory through the kernel's, also where a system call led to it.
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

	bpf_probe_read_user(&copy, sizeof(copy), address);
	return copy.sa_family;
}

SEC("kprobe/vfs_write")
int BPF_KPROBE(on_write, struct file *file, const char *data, size_t size)
{
	struct inode *inode;

	bpf_probe_read_kernel(&inode, sizeof(inode), &file->f_inode);
	bpf_probe_read_user(&buffer, 8, data);
	return inode != NULL;
}

SEC("kprobe/tcp_v4_connect")
int on_connect4(struct pt_regs *ctx)
{
	struct sock *sk = (struct sock *)PT_REGS_PARM1(ctx);
	u16 family;

	bpf_probe_read_kernel(&family, sizeof(family), &sk->__sk_common.skc_family);
	return family;
}

/* The list of arguments itself lies in the kernel. */
SEC("tp/syscalls/sys_enter_execve")
int on_exec(struct trace_event_raw_sys_enter *ctx)
{
	unsigned long first;

	bpf_probe_read_kernel(&first, sizeof(first), &ctx->args[0]);
	bpf_probe_read_user_str(&buffer, 64, (void *)first);
	return 0;
}

SEC("kprobe/" SYS "openat")
int on_open(struct pt_regs *ctx)
{
	struct pt_regs *regs = (struct pt_regs *)PT_REGS_PARM1(ctx);
	void *path;

	bpf_probe_read_kernel(&path, sizeof(path), &PT_REGS_PARM2(regs));
	bpf_probe_read_user_str(&buffer, 64, path);
	return 0;
}

/* Called with both kinds: nobody tells. */
static __always_inline void copy(void *from)
{
	bpf_probe_read_kernel(&buffer, 8, from);
}

SEC("uprobe")
int BPF_UPROBE(on_call, void *data)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	bpf_probe_read_kernel(&buffer, 4, &task->pid);
	bpf_probe_read_user(&buffer, 4, data);
	return 0;
}

SEC("kprobe/do_exit")
int on_exit(struct pt_regs *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	copy(task);
	return 0;
}

/* The saved registers lie in the kernel, wherever the context is passed. */
static __always_inline u64 saved_argument(int number, struct pt_regs *context)
{
	struct pt_regs *regs = (struct pt_regs *)PT_REGS_PARM1(context);
	u64 value = 0;

	if (number == 0)
		bpf_probe_read_kernel(&value, sizeof(value), &PT_REGS_PARM1(regs));
	return value;
}

SEC("kprobe/" SYS "close")
int on_close(struct pt_regs *ctx)
{
	return saved_argument(0, ctx);
}

SEC("tp/syscalls/sys_enter_read")
int on_read(struct trace_event_raw_sys_enter *ctx)
{
	bpf_probe_read_user(&buffer, 8, (void *)ctx->args[1]);
	return ctx->args[2];
}

char LICENSE[] SEC("license") = "GPL";
