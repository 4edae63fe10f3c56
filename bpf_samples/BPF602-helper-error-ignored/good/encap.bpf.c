// Tested, harmless, or seen by the comparison that has to follow anyway.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} starts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} events SEC(".maps");

SEC("xdp")
int push(struct xdp_md *ctx)
{
	if (bpf_xdp_adjust_head(ctx, -20))
		return XDP_DROP;
	return ctx->data + 20 > ctx->data_end ? XDP_DROP : XDP_TX;
}

SEC("tc")
int pull(struct __sk_buff *skb)
{
	__u32 first = 0;

	bpf_skb_pull_data(skb, 34);
	if (skb->data + 34 > skb->data_end)
		return 0;
	bpf_skb_load_bytes(skb, 0, &first, sizeof(first));
	return first & 1;
}

/* Nothing behind the call goes by the new size. */
SEC("tc")
int pop(struct __sk_buff *skb)
{
	bpf_skb_vlan_pop(skb);
	return 0;
}

/* The kernel fills the destination with zeros when a probe read fails; an event may be lost; a key may be gone. */
SEC("kprobe/do_exit")
int on_exit(struct pt_regs *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task(), *parent;
	__u32 tid = bpf_get_current_pid_tgid();
	int pid = 0;

	bpf_probe_read_kernel(&parent, sizeof(parent), &task->real_parent);
	if (parent)
		bpf_probe_read_kernel(&pid, sizeof(pid), &parent->tgid);
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &pid, sizeof(pid));
	bpf_map_delete_elem(&starts, &tid);
	return 0;
}

/* Filled before: what is left is the value meant for failure. */
SEC("xdp.frags")
int peek(struct xdp_md *ctx)
{
	__u16 proto = 0;

	bpf_xdp_load_bytes(ctx, 12, &proto, sizeof(proto));
	return proto == bpf_htons(0x0806) ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
