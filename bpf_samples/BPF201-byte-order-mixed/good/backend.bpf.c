/* User space fills the table; nothing but its declaration says that an address in it is in network order. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <linux/in6.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct backend {
	__be32 address;
	__u8 flags;
};

struct connection {
	struct sockaddr_in6 local, remote; /* ports in host order, as user space wants them */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct backend);
	__uint(max_entries, 64);
} backends SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__type(key, __u64);
	__type(value, struct connection);
	__uint(max_entries, 64);
} connections SEC(".maps");

char LICENSE[] SEC("license") = "GPL";

SEC("tc")
int to_backend(struct __sk_buff *skb)
{
	struct bpf_tunnel_key key = { .tunnel_id = 7 };
	__u32 slot = skb->mark & 63;
	struct backend *backend = bpf_map_lookup_elem(&backends, &slot);

	if (!backend)
		return TC_ACT_SHOT;
	key.remote_ipv4 = backend->address;
	if (bpf_skb_set_tunnel_key(skb, &key, sizeof(key), BPF_F_ZERO_CSUM_TX))
		return TC_ACT_SHOT;
	return TC_ACT_OK;
}

SEC("cgroup/connect6")
int on_connect(struct bpf_sock_addr *ctx)
{
	struct connection conn = {};
	__u64 cookie = bpf_get_socket_cookie(ctx);

	conn.remote.sin6_port = bpf_ntohs(ctx->user_port);
	bpf_map_update_elem(&connections, &cookie, &conn, BPF_ANY);
	return 1;
}

SEC("cgroup/post_bind6")
int on_bind(struct bpf_sock *sk)
{
	struct connection conn = {};
	__u64 cookie = 1;

	conn.local.sin6_port = sk->src_port;
	conn.remote.sin6_port = bpf_ntohs(sk->dst_port);
	bpf_map_update_elem(&connections, &cookie, &conn, BPF_ANY);
	return 1;
}
