/* Interface of <linux/errno.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_ERRNO_H
#define BPFLINT_LINUX_ERRNO_H
#include <asm/errno.h>
#endif
