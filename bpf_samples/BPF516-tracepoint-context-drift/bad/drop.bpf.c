#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

/* From /sys/kernel/tracing/events/skb/kfree_skb/format of one machine. */
struct kfree_skb_args {
	__u64 common;
	void *skbaddr;
	void *location;
	__u16 protocol;
};

struct fork_args {
	__u64 common;
	char parent_comm[16];
	__s32 parent_pid;
	char child_comm[16];
	__s32 child_pid;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} drops SEC(".maps");

SEC("tracepoint/skb/kfree_skb")
int on_drop(struct kfree_skb_args *ctx)
{
	__u32 key = ctx->protocol; // want BPF516 "`ctx->protocol` is read at byte 24, and the record of skb/kfree_skb has it at byte 32 in Linux 7.3 (arm64); 6.12 (x86_64)" BPF507 "fixed offset 24"
	__u64 one = (__u64)ctx->location;

	bpf_map_update_elem(&drops, &key, &one, BPF_ANY);
	return 0;
}

SEC("tp/sched/sched_process_fork")
int on_fork(struct fork_args *ctx)
{
	__u32 key = ctx->child_pid; // want BPF516 "`ctx->child_pid` is read at byte 44, and the record of sched/sched_process_fork has it at byte 20 in Linux 7.3 (arm64)" BPF507 "fixed offset 44"
	__u64 first = ctx->child_comm[0]; // want BPF516 "`ctx->child_comm` is read at byte 28, and the record of sched/sched_process_fork has no such field in Linux 7.3 (arm64)"

	bpf_map_update_elem(&drops, &key, &first, BPF_ANY);
	return 0;
}
