/* Interface of <linux/kernel.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_KERNEL_H
#define BPFLINT_LINUX_KERNEL_H
#include <linux/sysinfo.h>
#include <linux/const.h>
#endif
