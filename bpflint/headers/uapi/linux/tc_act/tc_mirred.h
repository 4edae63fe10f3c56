/* Interface of <linux/tc_act/tc_mirred.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_TC_ACT_TC_MIRRED_H
#define BPFLINT_LINUX_TC_ACT_TC_MIRRED_H
#include <linux/types.h>
#include <linux/pkt_cls.h>
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
struct tc_mirred {
	__u32 index;
	__u32 capab;
	int action;
	int refcnt;
	int bindcnt;
	int eaction;
	__u32 ifindex;
};
enum {
	TCA_MIRRED_UNSPEC = 0,
	TCA_MIRRED_TM = 1,
	TCA_MIRRED_PARMS = 2,
	TCA_MIRRED_PAD = 3,
	__TCA_MIRRED_MAX = 4,
};
#endif
#define TCA_EGRESS_REDIR 1
#define TCA_EGRESS_MIRROR 2
#define TCA_INGRESS_REDIR 3
#define TCA_INGRESS_MIRROR 4
#define TCA_MIRRED_MAX (__TCA_MIRRED_MAX - 1)
#endif
