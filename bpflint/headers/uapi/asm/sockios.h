/* Interface of <asm/sockios.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_ASM_SOCKIOS_H
#define BPFLINT_ASM_SOCKIOS_H
#include <asm-generic/sockios.h>
#endif
