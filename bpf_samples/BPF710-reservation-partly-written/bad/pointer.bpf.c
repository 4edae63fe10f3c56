// A pointer that is nothing until a helper has read it.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct event {
	__u64 at;
	__u64 port;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("uprobe/serve")
int on_serve(struct pt_regs *ctx)
{
	void *peer = 0;
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return 0;
	event->at = bpf_ktime_get_ns();
	bpf_probe_read_user(&peer, sizeof(peer), (void *)(PT_REGS_PARM1(ctx) + 8));
	if (peer)
		event->port = (__u64)peer & 0xffff;
	bpf_ringbuf_submit(event, 0); // want BPF710 "bytes 8..15 (`port`) of its 16 bytes are not written on every path"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
