// Kernel threads have no mm: the other way is taken.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

struct event { u32 pid; u32 ppid; u64 ts; };

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} events SEC(".maps");

SEC("tp/sched/sched_process_exec")
int on_exec(void *ctx)
{
	struct event e;
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	e.pid = 1; e.ts = 2;
	if (mm)
		e.ppid = 3;
	bpf_ringbuf_output(&events, &e, sizeof(e), 0); // want BPF113 "(`ppid`) of its 16 bytes are not written on every path"
	return 0;
}
