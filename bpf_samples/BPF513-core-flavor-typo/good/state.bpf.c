// Three underscores make a flavor. Other doubled ones belong to names: of the kernel's, or of the project's own.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct task_struct___old {
	long state;
} __attribute__((preserve_access_index));

struct event__exit {
	__u32 pid;
	__u32 code;
};

/* Never read through CO-RE: a layout of the project's own. */
struct file__event {
	__u64 inode;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SEC("iter/task")
int dump(struct bpf_iter__task *ctx)
{
	struct task_struct___old *task = (void *)ctx->task;
	struct file__event *file;
	struct event__exit *event;

	if (!task)
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (event) {
		event->pid = ctx->task->pid;
		event->code = bpf_core_field_exists(task->state) ? BPF_CORE_READ(task, state) : 0;
		bpf_ringbuf_submit(event, 0);
	}
	file = bpf_ringbuf_reserve(&events, sizeof(*file), 0);
	if (file) {
		file->inode = 0;
		bpf_ringbuf_submit(file, 0);
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
