/* Interface of <asm/unistd.h>: system call numbers of x86_64, and the generic ones of arm64, riscv64 and loongarch64. */
#ifndef BPFLINT_ASM_UNISTD_H
#define BPFLINT_ASM_UNISTD_H
#if defined(__aarch64__) || defined(__riscv) || defined(__loongarch__)
#include <asm-generic/unistd.h>
#else
#include <asm/unistd_64.h>
#endif
#endif
