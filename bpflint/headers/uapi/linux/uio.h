/* Interface of <linux/uio.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_UIO_H
#define BPFLINT_LINUX_UIO_H
#include <linux/types.h>
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
struct iovec {
	void *iov_base;
	__kernel_size_t iov_len;
};
#endif
#define UIO_FASTIOV 8
#define UIO_MAXIOV 1024
#endif
