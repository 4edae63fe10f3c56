/* Interface of <linux/un.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_UN_H
#define BPFLINT_LINUX_UN_H
#include <linux/socket.h>
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
struct sockaddr_un {
	__kernel_sa_family_t sun_family;
	char sun_path[108];
};
#endif
#define UNIX_PATH_MAX 108
#define SIOCUNIXFILE (SIOCPROTOPRIVATE + 0)
#endif
