/* Interface of <linux/tc_act/tc_bpf.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_TC_ACT_TC_BPF_H
#define BPFLINT_LINUX_TC_ACT_TC_BPF_H
#include <linux/pkt_cls.h>
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
struct tc_act_bpf {
	__u32 index;
	__u32 capab;
	int action;
	int refcnt;
	int bindcnt;
};
enum {
	TCA_ACT_BPF_UNSPEC = 0,
	TCA_ACT_BPF_TM = 1,
	TCA_ACT_BPF_PARMS = 2,
	TCA_ACT_BPF_OPS_LEN = 3,
	TCA_ACT_BPF_OPS = 4,
	TCA_ACT_BPF_FD = 5,
	TCA_ACT_BPF_NAME = 6,
	TCA_ACT_BPF_PAD = 7,
	TCA_ACT_BPF_TAG = 8,
	TCA_ACT_BPF_ID = 9,
	__TCA_ACT_BPF_MAX = 10,
};
#endif
#define TCA_ACT_BPF_MAX (__TCA_ACT_BPF_MAX - 1)
#endif
