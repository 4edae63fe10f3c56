/* Interface of <asm/ioctl.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_ASM_IOCTL_H
#define BPFLINT_ASM_IOCTL_H
#include <asm-generic/ioctl.h>
#endif
