/* Interface of <linux/openat2.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_OPENAT2_H
#define BPFLINT_LINUX_OPENAT2_H
#include <linux/types.h>
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
struct open_how {
	__u64 flags;
	__u64 mode;
	__u64 resolve;
};
#endif
#define RESOLVE_NO_XDEV 0x01
#define RESOLVE_NO_MAGICLINKS 0x02
#define RESOLVE_NO_SYMLINKS 0x04
#define RESOLVE_BENEATH 0x08
#define RESOLVE_IN_ROOT 0x10
#define RESOLVE_CACHED 0x20
#endif
