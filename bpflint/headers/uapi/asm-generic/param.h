/* Interface of <asm-generic/param.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_ASM_GENERIC_PARAM_H
#define BPFLINT_ASM_GENERIC_PARAM_H
#define HZ 100
#define EXEC_PAGESIZE 4096
#define NOGROUP (- 1)
#define MAXHOSTNAMELEN 64
#endif
