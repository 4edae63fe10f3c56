/* Interface of <asm/ioctls.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_ASM_IOCTLS_H
#define BPFLINT_ASM_IOCTLS_H
#include <asm-generic/ioctls.h>
#endif
