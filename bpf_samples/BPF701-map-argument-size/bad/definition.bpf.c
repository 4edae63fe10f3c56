// Every key that the program makes is a socket cookie of 8 bytes: it is the definition that is wrong.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32); // want BPF701 "but all 2 arguments in `definition.bpf.c` point to 8 (`__u64`)"
	__type(value, __u32);
} origins SEC(".maps");

SEC("cgroup/connect4")
int connected(struct bpf_sock_addr *ctx)
{
	__u64 cookie = bpf_get_socket_cookie(ctx);
	__u32 address = ctx->user_ip4;

	bpf_map_update_elem(&origins, &cookie, &address, BPF_ANY);
	return 1;
}

SEC("cgroup/getpeername4")
int named(struct bpf_sock_addr *ctx)
{
	__u64 cookie = bpf_get_socket_cookie(ctx);
	__u32 *address = bpf_map_lookup_elem(&origins, &cookie);

	if (address)
		ctx->user_ip4 = *address;
	return 1;
}

char LICENSE[] SEC("license") = "GPL";
