/* Interface of <linux/net_namespace.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_NET_NAMESPACE_H
#define BPFLINT_LINUX_NET_NAMESPACE_H
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
enum {
	NETNSA_NONE = 0,
	NETNSA_NSID = 1,
	NETNSA_PID = 2,
	NETNSA_FD = 3,
	NETNSA_TARGET_NSID = 4,
	NETNSA_CURRENT_NSID = 5,
	__NETNSA_MAX = 6,
};
#endif
#define NETNSA_NSID_NOT_ASSIGNED - 1
#define NETNSA_MAX (__NETNSA_MAX - 1)
#endif
