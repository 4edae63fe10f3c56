// Updates in place, moves to another key, and values that nobody else can have touched.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct entry { u64 open; u64 total; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, struct entry);
} entries SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, u64);
} counts SEC(".maps");

SEC("sockops")
int on_connect(struct bpf_sock_ops *ctx)
{
	u32 key = ctx->remote_ip4, other = ctx->local_ip4;
	struct entry *old = bpf_map_lookup_elem(&entries, &key), copy;
	struct entry first = { .open = 1, .total = 1 };
	u64 *count = bpf_map_lookup_elem(&counts, &key), sum = 1;

	if (old) {
		__sync_fetch_and_add(&old->open, 1);
		copy = *old;
		copy.open--;
		bpf_map_update_elem(&entries, &other, &copy, BPF_ANY); // another key
	} else {
		bpf_map_update_elem(&entries, &key, &first, BPF_NOEXIST);
	}
	if (count)
		sum = *count + 1;
	bpf_map_update_elem(&counts, &key, &sum, BPF_ANY); // per CPU
	return 0;
}

SEC("kprobe/vfs_read")
int on_read(void *ctx)
{
	u32 tid = bpf_get_current_pid_tgid();
	struct entry *old = bpf_map_lookup_elem(&entries, &tid), copy = {};

	if (old)
		copy = *old;
	copy.total++;
	bpf_map_update_elem(&entries, &tid, &copy, BPF_ANY); // the thread's own entry
	return 0;
}

/* The copy is looked at, then given a new value in another block. */
SEC("tc")
int on_expiry(struct __sk_buff *skb)
{
	u32 key = skb->ifindex;
	struct entry *old = bpf_map_lookup_elem(&entries, &key), copy = {};

	if (old)
		copy = *old;
	copy.open++;
	if (copy.open < 100)
		return 0;
	copy = (struct entry){ .open = 1 };
	if (skb->len)
		bpf_map_update_elem(&entries, &key, &copy, BPF_ANY);
	return 0;
}

/* Whichever of the two was found becomes the entry of the second. */
SEC("tp/sched/sched_process_exec")
int on_exec(void *ctx)
{
	u32 pid = bpf_get_current_pid_tgid() >> 32, tid = bpf_get_current_pid_tgid();
	struct entry *mine = bpf_map_lookup_elem(&entries, &pid);

	if (!mine)
		mine = bpf_map_lookup_elem(&entries, &tid);
	if (!mine || pid == tid)
		return 0;
	bpf_map_update_elem(&entries, &pid, mine, BPF_ANY);
	bpf_map_delete_elem(&entries, &tid);
	return 0;
}

/* Behind a plain return nothing happens, and no program calls this: libbpf does not load it. */
__noinline int unused(u32 key)
{
	struct entry *old = bpf_map_lookup_elem(&entries, &key);

	if (old)
		bpf_map_update_elem(&entries, &key, old, BPF_ANY);
	return 0;
}

SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	u32 key = ctx->ingress_ifindex;
	struct entry *old;

	return XDP_PASS;
	old = bpf_map_lookup_elem(&entries, &key);
	if (old)
		bpf_map_update_elem(&entries, &key, old, BPF_ANY);
	return XDP_DROP;
}

/* Who reads an iterator runs it, one task after the other. */
SEC("iter/task")
int on_task(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	u32 key = task ? task->real_parent->tgid : 0;
	struct entry *old = bpf_map_lookup_elem(&entries, &key);

	if (old)
		bpf_map_update_elem(&entries, &key, old, BPF_ANY);
	return 0;
}

struct slot { u64 lock; u64 turn; };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct slot);
	__type(value, struct entry);
} slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, u32);
	__type(value, u64);
} times SEC(".maps");

/* The key holds another number by the time of the update: what was looked up goes into another entry. */
SEC("tracepoint/irq/irq_handler_exit")
int on_irq(void *ctx)
{
	u32 key = 1;
	u64 *begun = bpf_map_lookup_elem(&times, &key), spent, *sum;

	if (!begun)
		return 0;
	spent = bpf_ktime_get_ns() - *begun;
	key = 2;
	sum = bpf_map_lookup_elem(&times, &key);
	if (sum)
		__sync_fetch_and_add(sum, spent);
	else
		bpf_map_update_elem(&times, &key, &spent, BPF_NOEXIST);
	return 0;
}

SEC("uprobe/take")
int on_take(struct pt_regs *ctx)
{
	struct slot at = { .lock = PT_REGS_PARM1(ctx), .turn = PT_REGS_PARM2(ctx) };
	struct entry *waiting = bpf_map_lookup_elem(&slots, &at), copy;

	if (!waiting)
		return 0;
	copy = *waiting;
	copy.open++;
	bpf_map_delete_elem(&slots, &at);
	at.turn = 0;
	bpf_map_update_elem(&slots, &at, &copy, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
