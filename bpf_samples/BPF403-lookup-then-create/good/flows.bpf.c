// BPF_NOEXIST and a second look, a key of one's own, and values that nobody changes in place.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

struct stats { u64 packets; u64 bytes; };

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, struct stats);
} flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, u64);
} last_seen SEC(".maps");

static __always_inline struct stats *lookup_or_try_init(u32 *key)
{
	static const struct stats zero;
	struct stats *s = bpf_map_lookup_elem(&flows, key);

	if (s)
		return s;
	if (bpf_map_update_elem(&flows, key, &zero, BPF_NOEXIST) && 0)
		return NULL;
	return bpf_map_lookup_elem(&flows, key);
}

SEC("tc")
int on_packet(struct __sk_buff *skb)
{
	u32 key = skb->remote_ip4;
	struct stats *s = lookup_or_try_init(&key);

	if (s)
		__sync_fetch_and_add(&s->packets, 1);
	return 0;
}

/* The last writer wins, and that is meant. */
SEC("xdp")
int on_raw(struct xdp_md *ctx)
{
	u32 key = ctx->rx_queue_index;
	u64 now = bpf_ktime_get_ns();

	if (!bpf_map_lookup_elem(&last_seen, &key))
		bpf_map_update_elem(&last_seen, &key, &now, BPF_ANY);
	return XDP_PASS;
}

/* A process is made once. */
SEC("raw_tracepoint/sched_process_fork")
int on_fork(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *child = (void *)ctx->args[1];
	u32 tgid = BPF_CORE_READ(child, tgid);
	struct stats *s = bpf_map_lookup_elem(&flows, &tgid);
	struct stats fresh = {.packets = 1};

	if (s)
		__sync_fetch_and_add(&s->packets, 1);
	else if (tgid == BPF_CORE_READ(child, pid))
		bpf_map_update_elem(&flows, &tgid, &fresh, BPF_ANY);
	return 0;
}

/* Only this thread has the key. */
SEC("tp/sched/sched_process_exit")
int on_exit(void *ctx)
{
	u32 tid = bpf_get_current_pid_tgid();
	struct stats fresh = {.packets = 1}, *s = bpf_map_lookup_elem(&flows, &tid);

	if (!s)
		bpf_map_update_elem(&flows, &tid, &fresh, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u64);
	__type(value, struct stats);
} loops SEC(".maps");

/* Only the main thread of a process comes here, so that one thread has the key. */
SEC("uprobe/poll")
int on_poll(void *ctx)
{
	u64 pid_tgid = bpf_get_current_pid_tgid();
	u64 pid = pid_tgid >> 32;
	struct stats *s, fresh = {};

	if ((u32)pid_tgid != (u32)pid)
		return 0;
	s = bpf_map_lookup_elem(&loops, &pid);
	if (!s) {
		bpf_map_update_elem(&loops, &pid, &fresh, BPF_ANY);
		s = bpf_map_lookup_elem(&loops, &pid);
		if (!s)
			return 0;
	}
	s->packets++;
	return 0;
}

/* The task that has just left a CPU runs on no other. */
SEC("kprobe/finish_task_switch")
int BPF_KPROBE(on_switched, struct task_struct *prev)
{
	u32 left = BPF_CORE_READ(prev, pid);
	struct stats *s = bpf_map_lookup_elem(&flows, &left);

	if (!s) {
		struct stats fresh = {.packets = 1};

		bpf_map_update_elem(&flows, &left, &fresh, BPF_ANY);
		return 0;
	}
	s->packets++;
	return 0;
}

struct strikes_of { u32 pid; u32 unused; u64 start_time; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct strikes_of);
	__type(value, struct stats);
} strikes SEC(".maps");

static __always_inline u32 strike(u32 pid, u64 start_time)
{
	struct strikes_of key = {.pid = pid, .start_time = start_time};
	struct stats *s = bpf_map_lookup_elem(&strikes, &key);

	if (!s) {
		struct stats fresh = {.packets = 1};

		bpf_map_update_elem(&strikes, &key, &fresh, BPF_ANY);
		return 1;
	}
	return ++s->packets;
}

/* When the running thread was started tells it from every other. */
SEC("lsm/file_open")
int BPF_PROG(on_open, struct file *file)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	u64 start_time = task ? BPF_CORE_READ(task, start_time) : 0;

	return strike(bpf_get_current_pid_tgid() >> 32, start_time) > 3 ? -1 : 0;
}
