// Every helper asks whether there is memory; that there is, its caller knows.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct verdict {
	u32 kind;
	s32 result;
	u32 filter;
	u32 reason;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct verdict);
} scratch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} verdicts SEC(".maps");

static __always_inline void set_kind(struct verdict *verdict, u32 kind)
{
	if (!verdict)
		return;
	verdict->kind = kind;
	verdict->filter = 0;
}

static __always_inline void set_result(struct verdict *verdict, s32 result, u32 reason)
{
	if (!verdict)
		return;
	verdict->result = result;
	verdict->reason = reason;
}

static __always_inline int report(struct verdict *verdict, s32 result, u32 reason)
{
	if (verdict) {
		set_result(verdict, result, reason);
		bpf_ringbuf_output(&verdicts, verdict, sizeof(*verdict), 0);
	}
	return result;
}

SEC("lsm/bpf")
int on_bpf(void *ctx)
{
	u32 zero = 0;
	struct verdict *verdict = bpf_map_lookup_elem(&scratch, &zero);

	if (verdict)
		set_kind(verdict, 1);
	return report(verdict, -1, 2);
}

char LICENSE[] SEC("license") = "GPL";
