#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

/* System calls: every argument takes eight bytes, on all kernels. */
struct openat_args {
	__u64 common;
	__s64 number;
	__s64 dfd;
	const char *filename;
};

/* A pinned layout of its own version, which the loader chooses. */
struct kfree_skb_args {
	__u64 common;
	void *skbaddr;
	void *location;
	__u16 protocol;
};

struct own {
	__u64 common;
	__u16 protocol;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} opened SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_openat")
int on_open(struct openat_args *ctx)
{
	__u32 key = ctx->dfd;
	__u64 name = (__u64)ctx->filename;

	bpf_map_update_elem(&opened, &key, &name, BPF_ANY);
	return 0;
}

SEC("tracepoint/skb/kfree_skb/v1")
int on_drop(struct kfree_skb_args *ctx)
{
	__u32 key = ctx->protocol;
	__u64 one = (__u64)ctx->location;

	bpf_map_update_elem(&opened, &key, &one, BPF_ANY);
	return 0;
}

/* Not the context: its own memory. */
SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	struct own own = {};
	__u32 key = own.protocol;
	__u64 one = 1;

	bpf_map_update_elem(&opened, &key, &one, BPF_ANY);
	return 2;
}
