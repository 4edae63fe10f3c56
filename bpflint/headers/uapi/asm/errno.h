/* Interface of <asm/errno.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_ASM_ERRNO_H
#define BPFLINT_ASM_ERRNO_H
#include <asm-generic/errno.h>
#endif
