// Closes a span: the entry is deleted too early.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct span { u64 start; u64 bytes; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u64);
	__type(value, struct span);
} open_spans SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

#define DROP(key) bpf_map_delete_elem(&open_spans, &(key))

SEC("tp/syscalls/sys_exit_read")
int on_exit(struct trace_event_raw_sys_exit *ctx)
{
	u64 id = bpf_get_current_pid_tgid(), took;
	struct span *s = bpf_map_lookup_elem(&open_spans, &id);

	if (!s)
		return 0;
	bpf_map_delete_elem(&open_spans, &id);
	took = bpf_ktime_get_ns() - s->start; // want BPF405 "`s->start` is used after its entry of `open_spans` was deleted"
	bpf_ringbuf_output(&events, &took, sizeof(took), 0);
	return 0;
}

SEC("tp/syscalls/sys_exit_write")
int on_write(struct trace_event_raw_sys_exit *ctx)
{
	u64 id = bpf_get_current_pid_tgid();
	struct span *s = bpf_map_lookup_elem(&open_spans, &id);

	if (!s)
		return 0;
	if (ctx->ret < 0)
		DROP(id);
	s->bytes += ctx->ret; // want BPF405 "`s->bytes` is used after"
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
