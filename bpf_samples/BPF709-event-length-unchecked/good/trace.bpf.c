// Sends events, and now and then a count of lost ones.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "event.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} events SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_execve")
int on_execve(void *ctx)
{
	struct event event = { .pid = bpf_get_current_pid_tgid() >> 32 };
	struct lost lost = {};

	if (bpf_ringbuf_output(&events, &event, sizeof(event), 0)) {
		lost.count = 1;
		bpf_ringbuf_output(&events, &lost, sizeof(lost), 0);
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
