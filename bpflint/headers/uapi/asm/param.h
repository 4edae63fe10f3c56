/* Interface of <asm/param.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_ASM_PARAM_H
#define BPFLINT_ASM_PARAM_H
#include <asm-generic/param.h>
#endif
