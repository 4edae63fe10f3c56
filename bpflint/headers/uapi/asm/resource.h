/* Interface of <asm/resource.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_ASM_RESOURCE_H
#define BPFLINT_ASM_RESOURCE_H
#include <asm-generic/resource.h>
#endif
