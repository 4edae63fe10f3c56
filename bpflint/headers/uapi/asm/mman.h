/* Interface of <asm/mman.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_ASM_MMAN_H
#define BPFLINT_ASM_MMAN_H
#include <asm-generic/mman.h>
#define MAP_32BIT 0x40
#endif
