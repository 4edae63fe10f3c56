/* Interface of <asm/ptrace.h>: the registers a program sees, by machine. */
#ifndef BPFLINT_ASM_PTRACE_H
#define BPFLINT_ASM_PTRACE_H
#include <linux/types.h>
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
#if defined(__TARGET_ARCH_arm64) || (!defined(__TARGET_ARCH_x86) && defined(__aarch64__))
struct user_pt_regs { __u64 regs[31]; __u64 sp; __u64 pc; __u64 pstate; };
struct user_fpsimd_state { __uint128_t vregs[32]; __u32 fpsr; __u32 fpcr; __u32 __reserved[2]; };
#elif defined(__TARGET_ARCH_s390) || (!defined(__TARGET_ARCH_x86) && defined(__s390x__))
typedef struct { unsigned long mask; unsigned long addr; } __attribute__((aligned(8))) psw_t;
typedef struct { unsigned long args[1]; psw_t psw; unsigned long gprs[16]; } user_pt_regs;
#elif defined(__TARGET_ARCH_riscv) || (!defined(__TARGET_ARCH_x86) && defined(__riscv))
struct user_regs_struct {
	unsigned long pc, ra, sp, gp, tp, t0, t1, t2, s0, s1, a0, a1, a2, a3, a4, a5, a6, a7;
	unsigned long s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, t3, t4, t5, t6;
};
#elif defined(__TARGET_ARCH_arm) || (!defined(__TARGET_ARCH_x86) && defined(__arm__))
struct pt_regs { long uregs[18]; };
#elif defined(__TARGET_ARCH_mips) || (!defined(__TARGET_ARCH_x86) && defined(__mips__))
struct pt_regs { __u64 regs[32]; __u64 lo; __u64 hi; __u64 cp0_epc; __u64 cp0_badvaddr; __u64 cp0_status; __u64 cp0_cause; };
#elif defined(__TARGET_ARCH_powerpc) || (!defined(__TARGET_ARCH_x86) && defined(__powerpc__))
struct pt_regs {
	unsigned long gpr[32], nip, msr, orig_gpr3, ctr, link, xer, ccr, softe, trap, dar, dsisr, result;
};
#elif defined(__TARGET_ARCH_loongarch) || (!defined(__TARGET_ARCH_x86) && defined(__loongarch__))
struct user_pt_regs { unsigned long regs[32], orig_a0, csr_era, csr_badv, reserved[10]; };
struct pt_regs { unsigned long regs[32], orig_a0, csr_era, csr_badvaddr, csr_crmd, csr_prmd, csr_euen, csr_ecfg, csr_estat; };
#elif defined(__i386__)
struct pt_regs { long ebx, ecx, edx, esi, edi, ebp, eax; int xds, xes, xfs, xgs; long orig_eax, eip; int xcs; long eflags, esp; int xss; };
#elif defined(__KERNEL__)
struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di, orig_ax, ip, cs, flags, sp, ss;
};
#else
struct pt_regs {
	unsigned long r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi, orig_rax, rip, cs, eflags, rsp, ss;
};
#endif
#endif
#endif
