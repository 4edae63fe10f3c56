// Numbers events by an atomic whose result is used.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

u64 next_id, flags, owner;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

#define NEXT() __sync_fetch_and_add(&next_id, 1)

SEC("tp/sched/sched_switch")
int on_switch(void *ctx)
{
	u64 id = __sync_fetch_and_add(&next_id, 1) % 256; // want BPF412 "needs Linux 5.12 on x86_64, 5.18 on arm64"

	if (!__sync_bool_compare_and_swap(&owner, 0, id)) // want BPF412 "`__sync_bool_compare_and_swap()`"
		id = NEXT(); // want BPF412 "the result of `__sync_fetch_and_add()`"
	__sync_fetch_and_or(&flags, 4); // want BPF412 "an atomic `|=`"
	bpf_ringbuf_output(&events, &id, sizeof(id), 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
