/* Interface of <linux/ioctl.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_IOCTL_H
#define BPFLINT_LINUX_IOCTL_H
#include <asm/ioctl.h>
#endif
