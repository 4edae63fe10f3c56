// Deleted here, elsewhere or from user space; LRU and arrays make room themselves; some keys have an end.
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

ENTRIES(deleted, BPF_MAP_TYPE_HASH);
ENTRIES(buried, BPF_MAP_TYPE_HASH);
ENTRIES(swept, BPF_MAP_TYPE_HASH);
ENTRIES(recent, BPF_MAP_TYPE_LRU_HASH);
ENTRIES(counts, BPF_MAP_TYPE_HASH);
ENTRIES(wrapped, BPF_MAP_TYPE_HASH);

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} tasks SEC(".maps");

__u64 longest;

static void forget(void *map, void *key)
{
	bpf_map_delete_elem(map, key);
}

SEC("kprobe/vfs_read")
int read_enter(struct pt_regs *ctx)
{
	__u32 tid = bpf_get_current_pid_tgid(), cpu = bpf_get_smp_processor_id();
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&deleted, &tid, &now, BPF_ANY);
	bpf_map_update_elem(&buried, &tid, &now, BPF_ANY);
	bpf_map_update_elem(&swept, &tid, &now, BPF_ANY);
	bpf_map_update_elem(&recent, &tid, &now, BPF_ANY);
	bpf_map_update_elem(&counts, &cpu, &now, BPF_ANY);
	bpf_map_update_elem(&wrapped, &tid, &now, BPF_ANY);
	return 0;
}

static __always_inline void add(__u64 *ts)
{
	if (ts)
		longest = *ts;
}

SEC("kretprobe/vfs_read")
int read_leave(struct pt_regs *ctx)
{
	__u32 tid = bpf_get_current_pid_tgid(), cpu = bpf_get_smp_processor_id();

	add(bpf_map_lookup_elem(&deleted, &tid));
	add(bpf_map_lookup_elem(&buried, &tid));
	add(bpf_map_lookup_elem(&swept, &tid));
	add(bpf_map_lookup_elem(&recent, &tid));
	add(bpf_map_lookup_elem(&counts, &cpu));
	add(bpf_map_lookup_elem(&wrapped, &tid));
	bpf_map_delete_elem(&deleted, &tid);
	forget(&wrapped, &tid);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(task_exit, struct task_struct *task)
{
	__u32 tid = task->pid;

	bpf_map_delete_elem(&buried, &tid);
	return 0;
}

SEC("fentry/vfs_write")
int BPF_PROG(write_enter)
{
	__u64 *at = bpf_task_storage_get(&tasks, bpf_get_current_task_btf(), 0, BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (at)
		*at = bpf_ktime_get_ns();
	return 0;
}

SEC("fexit/vfs_write")
int BPF_PROG(write_leave)
{
	__u64 *at = bpf_task_storage_get(&tasks, bpf_get_current_task_btf(), 0, 0);

	if (at)
		longest = *at;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
