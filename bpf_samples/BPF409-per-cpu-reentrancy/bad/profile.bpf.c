// The sampler counts in the same per-CPU value as the tracepoint that it interrupts.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct counts { u64 samples; u64 switches; };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct counts);
} counts SEC(".maps");

static __always_inline struct counts *mine(void)
{
	u32 zero = 0;

	return bpf_map_lookup_elem(&counts, &zero);
}

SEC("perf_event")
int sample(struct bpf_perf_event_data *ctx)
{
	struct counts *c = mine();

	if (c)
		c->samples++;
	return 0;
}

SEC("tp/sched/sched_switch")
int on_switch(void *ctx)
{
	struct counts *c = mine();

	if (c) {
		c->switches++;
		c->samples++; // want BPF409 "`c->samples` lies in the per-CPU map `counts`"
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
