/* Interface of <asm/bpf_perf_event.h>: the register type of a perf_event program, by machine. */
#ifndef BPFLINT_ASM_BPF_PERF_EVENT_H
#define BPFLINT_ASM_BPF_PERF_EVENT_H
#include <asm/ptrace.h>
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
#if defined(__TARGET_ARCH_s390)
typedef user_pt_regs bpf_user_pt_regs_t;
#elif defined(__TARGET_ARCH_arm64) || defined(__TARGET_ARCH_loongarch)
typedef struct user_pt_regs bpf_user_pt_regs_t;
#elif defined(__TARGET_ARCH_riscv)
typedef struct user_regs_struct bpf_user_pt_regs_t;
#else
typedef struct pt_regs bpf_user_pt_regs_t;
#endif
#endif
#endif
