// Built with the headers of the kernel that runs it: what they leave out is declared for each release.
#include <linux/version.h>
#include <linux/sched.h>
#include <linux/nsproxy.h>
#include <linux/mount.h>
#include <linux/ns_common.h>
#include <bpf/bpf_helpers.h>

struct fs_struct {
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
	int users;
#endif
	int umask;
};

SEC("kprobe/do_exit")
int on_exit(void *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct fs_struct *fs;
	int umask;

	bpf_probe_read(&fs, sizeof(fs), &task->fs);
	bpf_probe_read(&umask, sizeof(umask), &fs->umask);
	return umask;
}

char LICENSE[] SEC("license") = "GPL";
