/* The kernel converts the addresses of a tunnel key: they are in host order. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

struct settings {
	__be32 own, peer;
};
const volatile struct settings settings;
char LICENSE[] SEC("license") = "GPL";

SEC("tc")
int encapsulate(struct __sk_buff *skb)
{
	struct bpf_tunnel_key key = { .tunnel_id = 7 };

	key.remote_ipv4 = bpf_ntohl(settings.peer);
	key.local_ipv4 = settings.own; /* want BPF201 "`local_ipv4` of `bpf_tunnel_key` is in host byte order" */
	if (skb->remote_ip4 == settings.own) /* so that member is in network order */
		return TC_ACT_OK;
	if (bpf_skb_set_tunnel_key(skb, &key, sizeof(key), BPF_F_ZERO_CSUM_TX))
		return TC_ACT_SHOT;
	return TC_ACT_OK;
}
