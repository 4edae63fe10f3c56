// Additions whose result nobody uses load everywhere; what is not compiled in does not count.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

u64 seen;

static __always_inline u64 unused(void)
{
	return __sync_fetch_and_add(&seen, 1);
}

SEC("tp/sched/sched_switch")
int on_switch(void *ctx)
{
	__sync_fetch_and_add(&seen, 1);
	(void)__sync_fetch_and_add(&seen, 2);
	__sync_fetch_and_sub(&seen, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
