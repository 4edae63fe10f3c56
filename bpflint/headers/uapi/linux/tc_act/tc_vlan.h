/* Interface of <linux/tc_act/tc_vlan.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_TC_ACT_TC_VLAN_H
#define BPFLINT_LINUX_TC_ACT_TC_VLAN_H
#include <linux/pkt_cls.h>
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
struct tc_vlan {
	__u32 index;
	__u32 capab;
	int action;
	int refcnt;
	int bindcnt;
	int v_action;
};
enum {
	TCA_VLAN_UNSPEC = 0,
	TCA_VLAN_TM = 1,
	TCA_VLAN_PARMS = 2,
	TCA_VLAN_PUSH_VLAN_ID = 3,
	TCA_VLAN_PUSH_VLAN_PROTOCOL = 4,
	TCA_VLAN_PAD = 5,
	TCA_VLAN_PUSH_VLAN_PRIORITY = 6,
	TCA_VLAN_PUSH_ETH_DST = 7,
	TCA_VLAN_PUSH_ETH_SRC = 8,
	__TCA_VLAN_MAX = 9,
};
#endif
#define TCA_VLAN_ACT_POP 1
#define TCA_VLAN_ACT_PUSH 2
#define TCA_VLAN_ACT_MODIFY 3
#define TCA_VLAN_ACT_POP_ETH 4
#define TCA_VLAN_ACT_PUSH_ETH 5
#define TCA_VLAN_MAX (__TCA_VLAN_MAX - 1)
#endif
