// Fields of one writer each, an atomic where both write, and two programs that do not nest.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct counts { u64 samples; u64 switches; u64 both; };

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

	if (c) {
		c->samples++;
		__sync_fetch_and_add(&c->both, 1);
	}
	return 0;
}

SEC("tp/sched/sched_switch")
int on_switch(void *ctx)
{
	struct counts *c = mine();

	if (c) {
		c->switches++;
		__sync_fetch_and_add(&c->both, 1);
	}
	return 0;
}

SEC("tp/sched/sched_wakeup")
int on_wakeup(void *ctx)
{
	struct counts *c = mine();

	if (c)
		c->switches++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
