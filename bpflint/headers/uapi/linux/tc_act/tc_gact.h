/* Interface of <linux/tc_act/tc_gact.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_TC_ACT_TC_GACT_H
#define BPFLINT_LINUX_TC_ACT_TC_GACT_H
#include <linux/types.h>
#include <linux/pkt_cls.h>
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
struct tc_gact {
	__u32 index;
	__u32 capab;
	int action;
	int refcnt;
	int bindcnt;
};
struct tc_gact_p {
	__u16 ptype;
	__u16 pval;
	int paction;
};
enum {
	TCA_GACT_UNSPEC = 0,
	TCA_GACT_TM = 1,
	TCA_GACT_PARMS = 2,
	TCA_GACT_PROB = 3,
	TCA_GACT_PAD = 4,
	__TCA_GACT_MAX = 5,
};
#endif
#define PGACT_NONE 0
#define PGACT_NETRAND 1
#define PGACT_DETERM 2
#define MAX_RAND (PGACT_DETERM + 1)
#define TCA_GACT_MAX (__TCA_GACT_MAX - 1)
#endif
