// Deleted on every way out, by a function of the caller's, or kept for the next program of the same call.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define ENTRIES(name, kind)				\
	struct {					\
		__uint(type, kind);			\
		__uint(max_entries, 1024);		\
		__type(key, __u32);			\
		__type(value, __u64);			\
	} name SEC(".maps")

ENTRIES(straight, BPF_MAP_TYPE_HASH);
ENTRIES(helped, BPF_MAP_TYPE_HASH);
ENTRIES(fetched, BPF_MAP_TYPE_HASH);
ENTRIES(steps, BPF_MAP_TYPE_HASH);
ENTRIES(lately, BPF_MAP_TYPE_LRU_HASH);
ENTRIES(together, BPF_MAP_TYPE_HASH);
ENTRIES(summed, BPF_MAP_TYPE_HASH);

const volatile __u32 only;

SEC("kprobe/vfs_read")
int begin(struct pt_regs *ctx)
{
	__u32 tid = bpf_get_current_pid_tgid();
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&straight, &tid, &now, BPF_ANY);
	bpf_map_update_elem(&helped, &tid, &now, BPF_ANY);
	bpf_map_update_elem(&fetched, &tid, &now, BPF_ANY);
	bpf_map_update_elem(&steps, &tid, &now, BPF_ANY);
	bpf_map_update_elem(&lately, &tid, &now, BPF_ANY);
	bpf_map_update_elem(&together, &tid, &now, BPF_ANY);
	bpf_map_update_elem(&summed, &tid, &now, BPF_ANY);
	return 0;
}

static __noinline int forget(__u32 tid)
{
	return bpf_map_delete_elem(&helped, &tid);
}

static __always_inline __u64 *fetch(__u32 *tid, __u32 cpu)
{
	__u64 *since = bpf_map_lookup_elem(&fetched, tid);

	if (since && cpu > 7) {
		bpf_map_delete_elem(&fetched, tid);
		return NULL;
	}
	return since;
}

SEC("kretprobe/vfs_read")
int end(struct pt_regs *ctx)
{
	__u32 tid = bpf_get_current_pid_tgid();
	__u64 *since = bpf_map_lookup_elem(&straight, &tid), *also;

	if (!since)
		return 0;
	if (only && only != tid) {
		bpf_map_delete_elem(&straight, &tid);
		return 0;
	}
	bpf_map_delete_elem(&straight, &tid);
	also = bpf_map_lookup_elem(&helped, &tid);
	if (also && *also > 5) {
		forget(tid);
		return 0;
	}
	if (also)
		bpf_map_delete_elem(&helped, &tid);
	also = fetch(&tid, bpf_get_smp_processor_id());
	if (also)
		bpf_map_delete_elem(&fetched, &tid);
	also = bpf_map_lookup_elem(&lately, &tid);
	if (also && *also > 5)
		return 0;
	bpf_map_delete_elem(&lately, &tid);
	return 0;
}

// Two entries of one call, and one that counts on until a call fails.
SEC("kretprobe/vfs_read")
int count(struct pt_regs *ctx)
{
	__u32 tid = bpf_get_current_pid_tgid();
	__u64 *since = bpf_map_lookup_elem(&straight, &tid);
	__u64 *also = bpf_map_lookup_elem(&together, &tid);
	__u64 *sum = bpf_map_lookup_elem(&summed, &tid);

	if (!since || !also)
		return 0;
	bpf_map_delete_elem(&straight, &tid);
	bpf_map_delete_elem(&together, &tid);
	if (!sum)
		return 0;
	if (PT_REGS_RC(ctx) > 0) {
		*sum += PT_REGS_RC(ctx);
		return 0;
	}
	bpf_map_delete_elem(&summed, &tid);
	return 0;
}

// Runs in the middle of the call: what it leaves there is for the end.
SEC("kprobe/vfs_write")
int between(struct pt_regs *ctx)
{
	__u32 tid = bpf_get_current_pid_tgid();
	__u64 *since = bpf_map_lookup_elem(&steps, &tid);

	if (!since)
		return 0;
	if (*since > 7)
		return 0;
	bpf_map_delete_elem(&steps, &tid);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
