// Sends two kinds of event that begin with their kind, and one of a length of its own.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "kinds.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} events SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_openat")
int on_open(void *ctx)
{
	struct opened opened = { .kind = 1 };
	struct head head = { .kind = 2 };
	__u64 size = sizeof(opened) - sizeof(opened.path) + (bpf_get_prandom_u32() & 31);

	bpf_ringbuf_output(&events, &head, sizeof(head), 0);
	bpf_ringbuf_output(&events, &opened, size, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
