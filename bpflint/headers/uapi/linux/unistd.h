/* Interface of <linux/unistd.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_UNISTD_H
#define BPFLINT_LINUX_UNISTD_H
#include <asm/unistd.h>
#endif
