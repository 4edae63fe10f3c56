/* Interface of <linux/seg6_iptunnel.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_SEG6_IPTUNNEL_H
#define BPFLINT_LINUX_SEG6_IPTUNNEL_H
#include <linux/seg6.h>
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
enum {
	SEG6_IPTUNNEL_UNSPEC = 0,
	SEG6_IPTUNNEL_SRH = 1,
	__SEG6_IPTUNNEL_MAX = 2,
};
struct seg6_iptunnel_encap {
	int mode;
	struct ipv6_sr_hdr srh[];
};
enum {
	SEG6_IPTUN_MODE_INLINE = 0,
	SEG6_IPTUN_MODE_ENCAP = 1,
	SEG6_IPTUN_MODE_L2ENCAP = 2,
	SEG6_IPTUN_MODE_ENCAP_RED = 3,
	SEG6_IPTUN_MODE_L2ENCAP_RED = 4,
};
#endif
#define SEG6_IPTUNNEL_MAX (__SEG6_IPTUNNEL_MAX - 1)
#define SEG6_IPTUN_ENCAP_SIZE(x) ((sizeof(* x))+ (((x)-> srh -> hdrlen + 1)<< 3))
#endif
