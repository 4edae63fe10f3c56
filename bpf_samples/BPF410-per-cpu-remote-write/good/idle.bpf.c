// Remote reads, remote atomics, a field that only one place changes, and one's own value by number.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct cpu_stats { u64 idle_total; u64 wakeups; u64 ticks; u64 own; };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct cpu_stats);
} stats SEC(".maps");

u64 sum;

SEC("tp/power/cpu_idle")
int on_idle(struct trace_event_raw_cpu *ctx)
{
	u32 zero = 0;
	struct cpu_stats *s = bpf_map_lookup_elem(&stats, &zero);

	if (s) {
		__sync_fetch_and_add(&s->idle_total, 1);
		s->own++;
	}
	return 0;
}

SEC("tp/sched/sched_wakeup")
int on_wakeup(void *ctx)
{
	u32 zero = 0;
	struct cpu_stats *mine = bpf_map_lookup_percpu_elem(&stats, &zero, bpf_get_smp_processor_id());

	for (s32 cpu = 0; cpu < 4; cpu++) {
		struct cpu_stats *s = bpf_map_lookup_percpu_elem(&stats, &zero, cpu);

		if (s) {
			__sync_fetch_and_add(&s->idle_total, 1);
			s->ticks++;
			__sync_fetch_and_add(&sum, s->own);
		}
	}
	if (mine)
		mine->own++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

s32 scx_bpf_task_cpu(const struct task_struct *p) __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct cpu_stats);
} running SEC(".maps");

static struct cpu_stats *running_on(s32 cpu)
{
	u32 zero = 0;

	if (cpu < 0)
		return bpf_map_lookup_elem(&running, &zero);
	return bpf_map_lookup_percpu_elem(&running, &zero, cpu);
}

// A scheduler's callback holds the runqueue of the task's CPU, and so does its counterpart.
SEC("struct_ops/plain_running")
int plain_running(unsigned long long *ctx)
{
	struct task_struct *p = (void *)ctx[0];
	u32 zero = 0;
	struct cpu_stats *s = bpf_map_lookup_percpu_elem(&running, &zero, scx_bpf_task_cpu(p));

	if (s)
		s->ticks++;
	return 0;
}

SEC("struct_ops/plain_stopping")
int plain_stopping(unsigned long long *ctx)
{
	struct task_struct *p = (void *)ctx[0];
	struct cpu_stats *s = running_on(scx_bpf_task_cpu(p));

	if (s)
		s->ticks--;
	return 0;
}

// Less than zero is the helper's word for the own CPU.
SEC("struct_ops/plain_tick")
int plain_tick(unsigned long long *ctx)
{
	struct cpu_stats *s = running_on(-1);

	if (s)
		s->ticks += 2;
	return 0;
}

static struct cpu_stats *stats_of(u32 number)
{
	u32 zero = 0;

	return bpf_map_lookup_percpu_elem(&running, &zero, number);
}

static struct cpu_stats *bounded(u32 number)
{
	return stats_of(number & 0xff);
}

// The own CPU's number may be kept, bounded, and handed on twice.
SEC("kprobe/do_idle")
int on_own(void *ctx)
{
	u32 me = bpf_get_smp_processor_id(), cpu = me;
	struct cpu_stats *s = bounded(cpu);

	if (s)
		s->ticks += 3;
	return 0;
}
