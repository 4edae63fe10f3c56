// `_()` comes from a header that is not there: it may well take the member's address only.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "generated/read.h"

SEC("kprobe/do_exit")
int on_exit(void *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct task_struct *leader = _(task->group_leader);

	if (leader)
		bpf_printk("%d %d", _(leader->tgid), _(task->rt.on_list));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
