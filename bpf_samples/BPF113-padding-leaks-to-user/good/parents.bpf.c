// A test of a pointer that every task has takes one way only.
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
int by_core(void *ctx)
{
	struct event e;
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct task_struct *parent = BPF_CORE_READ(task, real_parent);
	e.pid = 1; e.ts = 2;
	if (parent)
		e.ppid = BPF_CORE_READ(parent, tgid);
	bpf_ringbuf_output(&events, &e, sizeof(e), 0);
	return 0;
}

SEC("tp/sched/sched_process_exec")
int by_read(void *ctx)
{
	struct event e;
	struct task_struct *task = (struct task_struct *)bpf_get_current_task(), *parent;
	e.pid = 1; e.ts = 2;
	bpf_core_read(&parent, sizeof(parent), &task->real_parent);
	if (parent)
		e.ppid = BPF_CORE_READ(parent, tgid);
	bpf_ringbuf_output(&events, &e, sizeof(e), 0);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int by_load(void *ctx)
{
	struct event e;
	struct task_struct *task = bpf_get_current_task_btf();
	struct task_struct *parent = task->real_parent;
	e.pid = 1; e.ts = 2;
	if (parent)
		e.ppid = parent->tgid;
	bpf_ringbuf_output(&events, &e, sizeof(e), 0);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int by_task(void *ctx)
{
	struct event e;
	struct task_struct *task = bpf_get_current_task_btf();
	e.pid = 1; e.ts = 2;
	if (task)
		e.ppid = task->tgid;
	bpf_ringbuf_output(&events, &e, sizeof(e), 0);
	return 0;
}

struct running { u64 since; u32 samples; };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct running);
} running SEC(".maps");

/* A map's value is what the programs left there, of each CPU too. */
SEC("tp/sched/sched_switch")
int by_state(void *ctx)
{
	u32 zero = 0;
	struct running *state = bpf_map_lookup_elem(&running, &zero);
	struct event e = {0};

	if (!state)
		return 0;
	e.pid = state->samples;
	e.ts = state->since;
	bpf_ringbuf_output(&events, &e, sizeof(e), 0);
	state->samples++;
	state->since = bpf_ktime_get_ns();
	return 0;
}

/* Nobody calls it, so no program holds it. */
static __always_inline void unused(void)
{
	struct event e;

	e.pid = 1;
	bpf_ringbuf_output(&events, &e, sizeof(e), 0);
}
