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

struct step { __u32 at; __u64 when; };

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, int);
	__type(value, int);
} steps SEC(".maps");

/* Given to a helper that calls it. */
static long on_step(__u32 index, void *data)
{
	struct step step;

	step.at = index;
	step.when = bpf_ktime_get_ns();
	bpf_perf_event_output(data, &steps, BPF_F_CURRENT_CPU, &step, sizeof(step)); // want BPF113 "bytes 4..7"
	return 0;
}

SEC("perf_event")
int on_sample(void *ctx)
{
	bpf_loop(4, on_step, ctx, 0);
	return 0;
}
