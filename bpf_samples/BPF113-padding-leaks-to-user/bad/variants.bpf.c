// One variant of a union without a name is filled: what the others have more of is an earlier event's.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct event {
	u64 at;
	union {
		struct { u32 irq; u32 chip; } raised;
		struct { u64 address; u64 error; u64 length; } fault;
	};
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} events SEC(".maps");

SEC("kprobe/handle_irq_event")
int on_irq(struct pt_regs *ctx)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return 0;
	event->at = bpf_ktime_get_ns();
	event->raised.irq = 1;
	event->raised.chip = 2;
	bpf_ringbuf_submit(event, 0); // want BPF113 "bytes 16..31 of its 32 bytes are never written"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
