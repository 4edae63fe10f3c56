/* Interface of <linux/kcmp.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_KCMP_H
#define BPFLINT_LINUX_KCMP_H
#include <linux/types.h>
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
enum kcmp_type {
	KCMP_FILE = 0,
	KCMP_VM = 1,
	KCMP_FILES = 2,
	KCMP_FS = 3,
	KCMP_SIGHAND = 4,
	KCMP_IO = 5,
	KCMP_SYSVSEM = 6,
	KCMP_EPOLL_TFD = 7,
	KCMP_TYPES = 8,
};
struct kcmp_epoll_slot {
	__u32 efd;
	__u32 tfd;
	__u32 toff;
};
#endif
#endif
