/* Fields that carry a port in one half, a shift on purpose, and plain integers of no known width. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct key {
	__be32 port;
	__u32 wide;
};
char LICENSE[] SEC("license") = "GPL";

SEC("cgroup/connect4")
int connect4(struct bpf_sock_addr *ctx)
{
	struct key key = { .port = bpf_htons(443) };

	if (bpf_ntohs(ctx->user_port) == 25)
		return 0;
	ctx->user_port = bpf_htons(8080);
	key.wide = ctx->user_ip4;
	return key.wide != bpf_htonl(0x7f000001) || key.port == bpf_htons(443);
}

SEC("sockops")
int established(struct bpf_sock_ops *ops)
{
	__u32 remote = bpf_ntohl(ops->remote_port), local = ops->local_port;
	__u32 port = bpf_htonl(local) >> 16;

	if (remote == 25 || bpf_htons(local) == port)
		return 1;
	return 0;
}
