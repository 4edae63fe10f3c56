// A timer adds idle time to every CPU's value while the CPUs add to their own.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct cpu_stats { u64 idle_total; u64 wakeups; };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct cpu_stats);
} stats SEC(".maps");

static __always_inline struct cpu_stats *stats_of(s32 cpu)
{
	u32 zero = 0;

	return bpf_map_lookup_percpu_elem(&stats, &zero, cpu);
}

SEC("tp/power/cpu_idle")
int on_idle(struct trace_event_raw_cpu *ctx)
{
	u32 zero = 0;
	struct cpu_stats *s = bpf_map_lookup_elem(&stats, &zero);

	if (s)
		s->idle_total += 1;
	return 0;
}

SEC("tp/irq/softirq_entry")
int on_softirq(void *ctx)
{
	for (s32 cpu = 0; cpu < 4; cpu++) {
		struct cpu_stats *s = stats_of(cpu);

		if (s)
			s->idle_total += 10; // want BPF410 "`s->idle_total` is another CPU's value of the per-CPU map `stats`"
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
