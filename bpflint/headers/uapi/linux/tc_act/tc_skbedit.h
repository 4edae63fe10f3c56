/* Interface of <linux/tc_act/tc_skbedit.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_TC_ACT_TC_SKBEDIT_H
#define BPFLINT_LINUX_TC_ACT_TC_SKBEDIT_H
#include <linux/pkt_cls.h>
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
struct tc_skbedit {
	__u32 index;
	__u32 capab;
	int action;
	int refcnt;
	int bindcnt;
};
enum {
	TCA_SKBEDIT_UNSPEC = 0,
	TCA_SKBEDIT_TM = 1,
	TCA_SKBEDIT_PARMS = 2,
	TCA_SKBEDIT_PRIORITY = 3,
	TCA_SKBEDIT_QUEUE_MAPPING = 4,
	TCA_SKBEDIT_MARK = 5,
	TCA_SKBEDIT_PAD = 6,
	TCA_SKBEDIT_PTYPE = 7,
	TCA_SKBEDIT_MASK = 8,
	TCA_SKBEDIT_FLAGS = 9,
	TCA_SKBEDIT_QUEUE_MAPPING_MAX = 10,
	__TCA_SKBEDIT_MAX = 11,
};
#endif
#define SKBEDIT_F_PRIORITY 0x1
#define SKBEDIT_F_QUEUE_MAPPING 0x2
#define SKBEDIT_F_MARK 0x4
#define SKBEDIT_F_PTYPE 0x8
#define SKBEDIT_F_MASK 0x10
#define SKBEDIT_F_INHERITDSFIELD 0x20
#define SKBEDIT_F_TXQ_SKBHASH 0x40
#define TCA_SKBEDIT_MAX (__TCA_SKBEDIT_MAX - 1)
#endif
