// Sends connections; both sides include the header, so that one compiler's rule orders the bits.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "flags.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} events SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_connect")
int on_connect(void *ctx)
{
	struct seen seen = { .direction = 1 };

	bpf_ringbuf_output(&events, &seen, sizeof(seen), 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
