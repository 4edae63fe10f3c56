/* Registers by machine, and the wrappers that give tracing programs typed arguments. */
#ifndef BPFLINT_BPF_TRACING_H
#define BPFLINT_BPF_TRACING_H
#include <bpf/bpf_helpers.h>

/* The machine: named by the build, else the one the parse is for, else x86. */
#if defined(__TARGET_ARCH_x86) || defined(__TARGET_ARCH_s390) || defined(__TARGET_ARCH_arm) || defined(__TARGET_ARCH_arm64) || defined(__TARGET_ARCH_mips) || defined(__TARGET_ARCH_powerpc) || defined(__TARGET_ARCH_riscv) || defined(__TARGET_ARCH_loongarch) || defined(__TARGET_ARCH_arc) || defined(__TARGET_ARCH_sparc)
#if defined(__TARGET_ARCH_x86)
#define bpf_target_x86
#elif defined(__TARGET_ARCH_s390)
#define bpf_target_s390
#elif defined(__TARGET_ARCH_arm)
#define bpf_target_arm
#elif defined(__TARGET_ARCH_arm64)
#define bpf_target_arm64
#elif defined(__TARGET_ARCH_mips)
#define bpf_target_mips
#elif defined(__TARGET_ARCH_powerpc)
#define bpf_target_powerpc
#elif defined(__TARGET_ARCH_riscv)
#define bpf_target_riscv
#elif defined(__TARGET_ARCH_loongarch)
#define bpf_target_loongarch
#elif defined(__TARGET_ARCH_arc)
#define bpf_target_arc
#elif defined(__TARGET_ARCH_sparc)
#define bpf_target_sparc
#endif
#elif defined(__aarch64__)
#define bpf_target_arm64
#elif defined(__s390x__)
#define bpf_target_s390
#elif defined(__arm__)
#define bpf_target_arm
#elif defined(__riscv)
#define bpf_target_riscv
#elif defined(__loongarch__)
#define bpf_target_loongarch
#elif defined(__powerpc__)
#define bpf_target_powerpc
#elif defined(__mips__)
#define bpf_target_mips
#else
#define bpf_target_x86
#endif
#define bpf_target_defined
#if defined(bpf_target_x86)
#define __PT_REGS_CAST(x) ((const struct pt_regs *)(x))
#if defined(__KERNEL__) || defined(__VMLINUX_H__)
#define __PT_PARM1_REG di
#define __PT_PARM2_REG si
#define __PT_PARM3_REG dx
#define __PT_PARM4_REG cx
#define __PT_PARM5_REG r8
#define __PT_PARM6_REG r9
#define __PT_RET_REG sp
#define __PT_FP_REG bp
#define __PT_RC_REG ax
#define __PT_SP_REG sp
#define __PT_IP_REG ip
#define __PT_PARM4_SYSCALL_REG r10
#elif defined(__i386__)
#define __PT_PARM1_REG eax
#define __PT_PARM2_REG edx
#define __PT_PARM3_REG ecx
#define __PT_PARM4_REG ebx
#define __PT_PARM5_REG esi
#define __PT_PARM6_REG edi
#define __PT_RET_REG esp
#define __PT_FP_REG ebp
#define __PT_RC_REG eax
#define __PT_SP_REG esp
#define __PT_IP_REG eip
#else
#define __PT_PARM1_REG rdi
#define __PT_PARM2_REG rsi
#define __PT_PARM3_REG rdx
#define __PT_PARM4_REG rcx
#define __PT_PARM5_REG r8
#define __PT_PARM6_REG r9
#define __PT_RET_REG rsp
#define __PT_FP_REG rbp
#define __PT_RC_REG rax
#define __PT_SP_REG rsp
#define __PT_IP_REG rip
#define __PT_PARM4_SYSCALL_REG r10
#endif
#elif defined(bpf_target_s390)
struct pt_regs___s390 {
	unsigned long orig_gpr2;
} __attribute__((preserve_access_index));
#define __PT_REGS_CAST(x) ((const user_pt_regs *)(x))
#define __PT_PARM1_REG gprs[2]
#define __PT_PARM2_REG gprs[3]
#define __PT_PARM3_REG gprs[4]
#define __PT_PARM4_REG gprs[5]
#define __PT_PARM5_REG gprs[6]
#define __PT_RET_REG gprs[14]
#define __PT_FP_REG gprs[11]
#define __PT_RC_REG gprs[2]
#define __PT_SP_REG gprs[15]
#define __PT_IP_REG psw.addr
#define __PT_PARM6_SYSCALL_REG gprs[7]
#define PT_REGS_PARM1_SYSCALL(x) (((const struct pt_regs___s390 *)(x))->orig_gpr2)
#define PT_REGS_PARM1_CORE_SYSCALL(x) BPF_CORE_READ((const struct pt_regs___s390 *)(x), orig_gpr2)
#elif defined(bpf_target_arm)
#define __PT_REGS_CAST(x) ((const struct pt_regs *)(x))
#define __PT_PARM1_REG uregs[0]
#define __PT_PARM2_REG uregs[1]
#define __PT_PARM3_REG uregs[2]
#define __PT_PARM4_REG uregs[3]
#define __PT_RET_REG uregs[14]
#define __PT_FP_REG uregs[11]
#define __PT_RC_REG uregs[0]
#define __PT_SP_REG uregs[13]
#define __PT_IP_REG uregs[12]
#define __PT_PARM5_SYSCALL_REG uregs[4]
#define __PT_PARM6_SYSCALL_REG uregs[5]
#define __PT_PARM7_SYSCALL_REG uregs[6]
#elif defined(bpf_target_arm64)
struct pt_regs___arm64 {
	unsigned long orig_x0;
} __attribute__((preserve_access_index));
#define __PT_REGS_CAST(x) ((const struct user_pt_regs *)(x))
#define __PT_PARM1_REG regs[0]
#define __PT_PARM2_REG regs[1]
#define __PT_PARM3_REG regs[2]
#define __PT_PARM4_REG regs[3]
#define __PT_PARM5_REG regs[4]
#define __PT_PARM6_REG regs[5]
#define __PT_PARM7_REG regs[6]
#define __PT_PARM8_REG regs[7]
#define __PT_RET_REG regs[30]
#define __PT_FP_REG regs[29]
#define __PT_RC_REG regs[0]
#define __PT_SP_REG sp
#define __PT_IP_REG pc
#define PT_REGS_PARM1_SYSCALL(x) (((const struct pt_regs___arm64 *)(x))->orig_x0)
#define PT_REGS_PARM1_CORE_SYSCALL(x) BPF_CORE_READ((const struct pt_regs___arm64 *)(x), orig_x0)
#elif defined(bpf_target_mips)
#define __PT_REGS_CAST(x) ((const struct pt_regs *)(x))
#define __PT_PARM1_REG regs[4]
#define __PT_PARM2_REG regs[5]
#define __PT_PARM3_REG regs[6]
#define __PT_PARM4_REG regs[7]
#define __PT_PARM5_REG regs[8]
#define __PT_PARM6_REG regs[9]
#define __PT_PARM7_REG regs[10]
#define __PT_PARM8_REG regs[11]
#define __PT_RET_REG regs[31]
#define __PT_FP_REG regs[30]
#define __PT_RC_REG regs[2]
#define __PT_SP_REG regs[29]
#define __PT_IP_REG cp0_epc
#elif defined(bpf_target_powerpc)
#define __PT_REGS_CAST(x) ((const struct pt_regs *)(x))
#define __PT_PARM1_REG gpr[3]
#define __PT_PARM2_REG gpr[4]
#define __PT_PARM3_REG gpr[5]
#define __PT_PARM4_REG gpr[6]
#define __PT_PARM5_REG gpr[7]
#define __PT_PARM6_REG gpr[8]
#define __PT_PARM7_REG gpr[9]
#define __PT_PARM8_REG gpr[10]
#define __PT_RET_REG link
#define __PT_FP_REG gpr[31]
#define __PT_RC_REG gpr[3]
#define __PT_SP_REG gpr[1]
#define __PT_IP_REG nip
#define __PT_PARM1_SYSCALL_REG orig_gpr3
#elif defined(bpf_target_riscv)
struct pt_regs___riscv {
	unsigned long orig_a0;
} __attribute__((preserve_access_index));
#define __PT_REGS_CAST(x) ((const struct user_regs_struct *)(x))
#define __PT_PARM1_REG a0
#define __PT_PARM2_REG a1
#define __PT_PARM3_REG a2
#define __PT_PARM4_REG a3
#define __PT_PARM5_REG a4
#define __PT_PARM6_REG a5
#define __PT_PARM7_REG a6
#define __PT_PARM8_REG a7
#define __PT_RET_REG ra
#define __PT_FP_REG s0
#define __PT_RC_REG a0
#define __PT_SP_REG sp
#define __PT_IP_REG pc
#define PT_REGS_PARM1_SYSCALL(x) (((const struct pt_regs___riscv *)(x))->orig_a0)
#define PT_REGS_PARM1_CORE_SYSCALL(x) BPF_CORE_READ((const struct pt_regs___riscv *)(x), orig_a0)
#elif defined(bpf_target_loongarch)
struct pt_regs___loongarch {
	unsigned long orig_a0;
} __attribute__((preserve_access_index));
#define __PT_REGS_CAST(x) ((const struct user_pt_regs *)(x))
#define __PT_PARM1_REG regs[4]
#define __PT_PARM2_REG regs[5]
#define __PT_PARM3_REG regs[6]
#define __PT_PARM4_REG regs[7]
#define __PT_PARM5_REG regs[8]
#define __PT_PARM6_REG regs[9]
#define __PT_PARM7_REG regs[10]
#define __PT_PARM8_REG regs[11]
#define __PT_RET_REG regs[1]
#define __PT_FP_REG regs[22]
#define __PT_RC_REG regs[4]
#define __PT_SP_REG regs[3]
#define __PT_IP_REG csr_era
#define PT_REGS_PARM1_SYSCALL(x) (((const struct pt_regs___loongarch *)(x))->orig_a0)
#define PT_REGS_PARM1_CORE_SYSCALL(x) BPF_CORE_READ((const struct pt_regs___loongarch *)(x), orig_a0)
#elif defined(bpf_target_arc)
#define __PT_REGS_CAST(x) ((const struct user_regs_struct *)(x))
#define __PT_PARM1_REG scratch.r0
#define __PT_PARM2_REG scratch.r1
#define __PT_PARM3_REG scratch.r2
#define __PT_PARM4_REG scratch.r3
#define __PT_PARM5_REG scratch.r4
#define __PT_PARM6_REG scratch.r5
#define __PT_PARM7_REG scratch.r6
#define __PT_PARM8_REG scratch.r7
#define __PT_RET_REG scratch.blink
#define __PT_FP_REG scratch.fp
#define __PT_RC_REG scratch.r0
#define __PT_SP_REG scratch.sp
#define __PT_IP_REG scratch.ret
#elif defined(bpf_target_sparc)
#define __PT_REGS_CAST(x) ((const struct pt_regs *)(x))
#define __PT_PARM1_REG u_regs[8]
#define __PT_PARM2_REG u_regs[9]
#define __PT_PARM3_REG u_regs[10]
#define __PT_PARM4_REG u_regs[11]
#define __PT_PARM5_REG u_regs[12]
#define __PT_PARM6_REG u_regs[13]
#define __PT_RET_REG u_regs[15]
#define __PT_FP_REG u_regs[14]
#define __PT_RC_REG u_regs[8]
#define __PT_SP_REG u_regs[14]
#define __PT_IP_REG tpc
#endif
/* A register the machine has not: reading it is a program error, not a parse error. */
#ifndef __PT_PARM1_REG
#define __PT_PARM1_REG __PT_RC_REG
#endif
#ifndef __PT_PARM1_SYSCALL_REG
#define __PT_PARM1_SYSCALL_REG __PT_PARM1_REG
#endif
#ifndef __PT_PARM2_REG
#define __PT_PARM2_REG __PT_RC_REG
#endif
#ifndef __PT_PARM2_SYSCALL_REG
#define __PT_PARM2_SYSCALL_REG __PT_PARM2_REG
#endif
#ifndef __PT_PARM3_REG
#define __PT_PARM3_REG __PT_RC_REG
#endif
#ifndef __PT_PARM3_SYSCALL_REG
#define __PT_PARM3_SYSCALL_REG __PT_PARM3_REG
#endif
#ifndef __PT_PARM4_REG
#define __PT_PARM4_REG __PT_RC_REG
#endif
#ifndef __PT_PARM4_SYSCALL_REG
#define __PT_PARM4_SYSCALL_REG __PT_PARM4_REG
#endif
#ifndef __PT_PARM5_REG
#define __PT_PARM5_REG __PT_RC_REG
#endif
#ifndef __PT_PARM5_SYSCALL_REG
#define __PT_PARM5_SYSCALL_REG __PT_PARM5_REG
#endif
#ifndef __PT_PARM6_REG
#define __PT_PARM6_REG __PT_RC_REG
#endif
#ifndef __PT_PARM6_SYSCALL_REG
#define __PT_PARM6_SYSCALL_REG __PT_PARM6_REG
#endif
#ifndef __PT_PARM7_REG
#define __PT_PARM7_REG __PT_RC_REG
#endif
#ifndef __PT_PARM7_SYSCALL_REG
#define __PT_PARM7_SYSCALL_REG __PT_PARM7_REG
#endif
#ifndef __PT_PARM8_REG
#define __PT_PARM8_REG __PT_RC_REG
#endif
#ifndef __PT_PARM8_SYSCALL_REG
#define __PT_PARM8_SYSCALL_REG __PT_PARM8_REG
#endif
#define PT_REGS_PARM1(x) (__PT_REGS_CAST(x)->__PT_PARM1_REG)
#define PT_REGS_PARM1_CORE(x) BPF_CORE_READ(__PT_REGS_CAST(x), __PT_PARM1_REG)
#ifndef PT_REGS_PARM1_SYSCALL
#define PT_REGS_PARM1_SYSCALL(x) (__PT_REGS_CAST(x)->__PT_PARM1_SYSCALL_REG)
#define PT_REGS_PARM1_CORE_SYSCALL(x) BPF_CORE_READ(__PT_REGS_CAST(x), __PT_PARM1_SYSCALL_REG)
#endif
#define PT_REGS_PARM2(x) (__PT_REGS_CAST(x)->__PT_PARM2_REG)
#define PT_REGS_PARM2_CORE(x) BPF_CORE_READ(__PT_REGS_CAST(x), __PT_PARM2_REG)
#ifndef PT_REGS_PARM2_SYSCALL
#define PT_REGS_PARM2_SYSCALL(x) (__PT_REGS_CAST(x)->__PT_PARM2_SYSCALL_REG)
#define PT_REGS_PARM2_CORE_SYSCALL(x) BPF_CORE_READ(__PT_REGS_CAST(x), __PT_PARM2_SYSCALL_REG)
#endif
#define PT_REGS_PARM3(x) (__PT_REGS_CAST(x)->__PT_PARM3_REG)
#define PT_REGS_PARM3_CORE(x) BPF_CORE_READ(__PT_REGS_CAST(x), __PT_PARM3_REG)
#ifndef PT_REGS_PARM3_SYSCALL
#define PT_REGS_PARM3_SYSCALL(x) (__PT_REGS_CAST(x)->__PT_PARM3_SYSCALL_REG)
#define PT_REGS_PARM3_CORE_SYSCALL(x) BPF_CORE_READ(__PT_REGS_CAST(x), __PT_PARM3_SYSCALL_REG)
#endif
#define PT_REGS_PARM4(x) (__PT_REGS_CAST(x)->__PT_PARM4_REG)
#define PT_REGS_PARM4_CORE(x) BPF_CORE_READ(__PT_REGS_CAST(x), __PT_PARM4_REG)
#ifndef PT_REGS_PARM4_SYSCALL
#define PT_REGS_PARM4_SYSCALL(x) (__PT_REGS_CAST(x)->__PT_PARM4_SYSCALL_REG)
#define PT_REGS_PARM4_CORE_SYSCALL(x) BPF_CORE_READ(__PT_REGS_CAST(x), __PT_PARM4_SYSCALL_REG)
#endif
#define PT_REGS_PARM5(x) (__PT_REGS_CAST(x)->__PT_PARM5_REG)
#define PT_REGS_PARM5_CORE(x) BPF_CORE_READ(__PT_REGS_CAST(x), __PT_PARM5_REG)
#ifndef PT_REGS_PARM5_SYSCALL
#define PT_REGS_PARM5_SYSCALL(x) (__PT_REGS_CAST(x)->__PT_PARM5_SYSCALL_REG)
#define PT_REGS_PARM5_CORE_SYSCALL(x) BPF_CORE_READ(__PT_REGS_CAST(x), __PT_PARM5_SYSCALL_REG)
#endif
#define PT_REGS_PARM6(x) (__PT_REGS_CAST(x)->__PT_PARM6_REG)
#define PT_REGS_PARM6_CORE(x) BPF_CORE_READ(__PT_REGS_CAST(x), __PT_PARM6_REG)
#ifndef PT_REGS_PARM6_SYSCALL
#define PT_REGS_PARM6_SYSCALL(x) (__PT_REGS_CAST(x)->__PT_PARM6_SYSCALL_REG)
#define PT_REGS_PARM6_CORE_SYSCALL(x) BPF_CORE_READ(__PT_REGS_CAST(x), __PT_PARM6_SYSCALL_REG)
#endif
#define PT_REGS_PARM7(x) (__PT_REGS_CAST(x)->__PT_PARM7_REG)
#define PT_REGS_PARM7_CORE(x) BPF_CORE_READ(__PT_REGS_CAST(x), __PT_PARM7_REG)
#ifndef PT_REGS_PARM7_SYSCALL
#define PT_REGS_PARM7_SYSCALL(x) (__PT_REGS_CAST(x)->__PT_PARM7_SYSCALL_REG)
#define PT_REGS_PARM7_CORE_SYSCALL(x) BPF_CORE_READ(__PT_REGS_CAST(x), __PT_PARM7_SYSCALL_REG)
#endif
#define PT_REGS_PARM8(x) (__PT_REGS_CAST(x)->__PT_PARM8_REG)
#define PT_REGS_PARM8_CORE(x) BPF_CORE_READ(__PT_REGS_CAST(x), __PT_PARM8_REG)
#ifndef PT_REGS_PARM8_SYSCALL
#define PT_REGS_PARM8_SYSCALL(x) (__PT_REGS_CAST(x)->__PT_PARM8_SYSCALL_REG)
#define PT_REGS_PARM8_CORE_SYSCALL(x) BPF_CORE_READ(__PT_REGS_CAST(x), __PT_PARM8_SYSCALL_REG)
#endif
#define PT_REGS_RET(x) (__PT_REGS_CAST(x)->__PT_RET_REG)
#define PT_REGS_RET_CORE(x) BPF_CORE_READ(__PT_REGS_CAST(x), __PT_RET_REG)
#define PT_REGS_FP(x) (__PT_REGS_CAST(x)->__PT_FP_REG)
#define PT_REGS_FP_CORE(x) BPF_CORE_READ(__PT_REGS_CAST(x), __PT_FP_REG)
#define PT_REGS_RC(x) (__PT_REGS_CAST(x)->__PT_RC_REG)
#define PT_REGS_RC_CORE(x) BPF_CORE_READ(__PT_REGS_CAST(x), __PT_RC_REG)
#define PT_REGS_SP(x) (__PT_REGS_CAST(x)->__PT_SP_REG)
#define PT_REGS_SP_CORE(x) BPF_CORE_READ(__PT_REGS_CAST(x), __PT_SP_REG)
#define PT_REGS_IP(x) (__PT_REGS_CAST(x)->__PT_IP_REG)
#define PT_REGS_IP_CORE(x) BPF_CORE_READ(__PT_REGS_CAST(x), __PT_IP_REG)
#if defined(bpf_target_powerpc)
#define BPF_KPROBE_READ_RET_IP(ip, ctx) ({ (ip) = (ctx)->link; })
#define BPF_KRETPROBE_READ_RET_IP BPF_KPROBE_READ_RET_IP
#else
#define BPF_KPROBE_READ_RET_IP(ip, ctx) ({ bpf_probe_read_kernel(&(ip), sizeof(ip), (void *)PT_REGS_RET(ctx)); })
#define BPF_KRETPROBE_READ_RET_IP(ip, ctx) ({ bpf_probe_read_kernel(&(ip), sizeof(ip), (void *)(PT_REGS_FP(ctx) + sizeof(ip))); })
#endif
#if defined(bpf_target_x86)
#define SYS_PREFIX "__x64_"
#elif defined(bpf_target_s390)
#define SYS_PREFIX "__s390x_"
#elif defined(bpf_target_arm64)
#define SYS_PREFIX "__arm64_"
#elif defined(bpf_target_riscv)
#define SYS_PREFIX "__riscv_"
#else
#define SYS_PREFIX ""
#endif
#define PT_REGS_SYSCALL_REGS(ctx) ((struct pt_regs *)PT_REGS_PARM1(ctx))

/* `name` is what the kernel calls; `____name` carries the typed arguments and the body the user wrote. */
#define BPFLINT_QUIET(text) _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wint-conversion\"") text _Pragma("GCC diagnostic pop")
#define BPFLINT_WRAP(context, name, call, args...) \
name(context); \
static __attribute__((always_inline)) __typeof__(name(0)) ____##name(context, ##args); \
__typeof__(name(0)) name(context) \
{ \
	BPFLINT_QUIET(return ____##name call;) \
} \
static __attribute__((always_inline)) __typeof__(name(0)) ____##name(context, ##args)

#define BPFLINT_CTX_0(...) (ctx)
#define BPFLINT_CTX_1(...) (ctx, (void *)ctx[0])
#define BPFLINT_CTX_2(...) (ctx, (void *)ctx[0], (void *)ctx[1])
#define BPFLINT_CTX_3(...) (ctx, (void *)ctx[0], (void *)ctx[1], (void *)ctx[2])
#define BPFLINT_CTX_4(...) (ctx, (void *)ctx[0], (void *)ctx[1], (void *)ctx[2], (void *)ctx[3])
#define BPFLINT_CTX_5(...) (ctx, (void *)ctx[0], (void *)ctx[1], (void *)ctx[2], (void *)ctx[3], (void *)ctx[4])
#define BPFLINT_CTX_6(...) (ctx, (void *)ctx[0], (void *)ctx[1], (void *)ctx[2], (void *)ctx[3], (void *)ctx[4], (void *)ctx[5])
#define BPFLINT_CTX_7(...) (ctx, (void *)ctx[0], (void *)ctx[1], (void *)ctx[2], (void *)ctx[3], (void *)ctx[4], (void *)ctx[5], (void *)ctx[6])
#define BPFLINT_CTX_8(...) (ctx, (void *)ctx[0], (void *)ctx[1], (void *)ctx[2], (void *)ctx[3], (void *)ctx[4], (void *)ctx[5], (void *)ctx[6], (void *)ctx[7])
#define BPFLINT_CTX_9(...) (ctx, (void *)ctx[0], (void *)ctx[1], (void *)ctx[2], (void *)ctx[3], (void *)ctx[4], (void *)ctx[5], (void *)ctx[6], (void *)ctx[7], (void *)ctx[8])
#define BPFLINT_CTX_10(...) (ctx, (void *)ctx[0], (void *)ctx[1], (void *)ctx[2], (void *)ctx[3], (void *)ctx[4], (void *)ctx[5], (void *)ctx[6], (void *)ctx[7], (void *)ctx[8], (void *)ctx[9])
#define BPFLINT_CTX_11(...) (ctx, (void *)ctx[0], (void *)ctx[1], (void *)ctx[2], (void *)ctx[3], (void *)ctx[4], (void *)ctx[5], (void *)ctx[6], (void *)ctx[7], (void *)ctx[8], (void *)ctx[9], (void *)ctx[10])
#define BPFLINT_CTX_12(...) (ctx, (void *)ctx[0], (void *)ctx[1], (void *)ctx[2], (void *)ctx[3], (void *)ctx[4], (void *)ctx[5], (void *)ctx[6], (void *)ctx[7], (void *)ctx[8], (void *)ctx[9], (void *)ctx[10], (void *)ctx[11])
#define BPFLINT_REGS_0(...) (ctx)
#define BPFLINT_REGS_1(...) (ctx, (void *)PT_REGS_PARM1(ctx))
#define BPFLINT_REGS_2(...) (ctx, (void *)PT_REGS_PARM1(ctx), (void *)PT_REGS_PARM2(ctx))
#define BPFLINT_REGS_3(...) (ctx, (void *)PT_REGS_PARM1(ctx), (void *)PT_REGS_PARM2(ctx), (void *)PT_REGS_PARM3(ctx))
#define BPFLINT_REGS_4(...) (ctx, (void *)PT_REGS_PARM1(ctx), (void *)PT_REGS_PARM2(ctx), (void *)PT_REGS_PARM3(ctx), (void *)PT_REGS_PARM4(ctx))
#define BPFLINT_REGS_5(...) (ctx, (void *)PT_REGS_PARM1(ctx), (void *)PT_REGS_PARM2(ctx), (void *)PT_REGS_PARM3(ctx), (void *)PT_REGS_PARM4(ctx), (void *)PT_REGS_PARM5(ctx))
#define BPFLINT_REGS_6(...) (ctx, (void *)PT_REGS_PARM1(ctx), (void *)PT_REGS_PARM2(ctx), (void *)PT_REGS_PARM3(ctx), (void *)PT_REGS_PARM4(ctx), (void *)PT_REGS_PARM5(ctx), (void *)PT_REGS_PARM6(ctx))
#define BPFLINT_REGS_7(...) (ctx, (void *)PT_REGS_PARM1(ctx), (void *)PT_REGS_PARM2(ctx), (void *)PT_REGS_PARM3(ctx), (void *)PT_REGS_PARM4(ctx), (void *)PT_REGS_PARM5(ctx), (void *)PT_REGS_PARM6(ctx), (void *)PT_REGS_PARM7(ctx))
#define BPFLINT_REGS_8(...) (ctx, (void *)PT_REGS_PARM1(ctx), (void *)PT_REGS_PARM2(ctx), (void *)PT_REGS_PARM3(ctx), (void *)PT_REGS_PARM4(ctx), (void *)PT_REGS_PARM5(ctx), (void *)PT_REGS_PARM6(ctx), (void *)PT_REGS_PARM7(ctx), (void *)PT_REGS_PARM8(ctx))
#define BPFLINT_RC_0(...) (ctx)
#define BPFLINT_RC_1(...) (ctx, (void *)PT_REGS_RC(ctx))
#define BPFLINT_SYS_0(...) (ctx)
#define BPFLINT_SYS_1(...) (ctx, (void *)PT_REGS_PARM1_CORE_SYSCALL(regs))
#define BPFLINT_SYS_2(...) (ctx, (void *)PT_REGS_PARM1_CORE_SYSCALL(regs), (void *)PT_REGS_PARM2_CORE_SYSCALL(regs))
#define BPFLINT_SYS_3(...) (ctx, (void *)PT_REGS_PARM1_CORE_SYSCALL(regs), (void *)PT_REGS_PARM2_CORE_SYSCALL(regs), (void *)PT_REGS_PARM3_CORE_SYSCALL(regs))
#define BPFLINT_SYS_4(...) (ctx, (void *)PT_REGS_PARM1_CORE_SYSCALL(regs), (void *)PT_REGS_PARM2_CORE_SYSCALL(regs), (void *)PT_REGS_PARM3_CORE_SYSCALL(regs), (void *)PT_REGS_PARM4_CORE_SYSCALL(regs))
#define BPFLINT_SYS_5(...) (ctx, (void *)PT_REGS_PARM1_CORE_SYSCALL(regs), (void *)PT_REGS_PARM2_CORE_SYSCALL(regs), (void *)PT_REGS_PARM3_CORE_SYSCALL(regs), (void *)PT_REGS_PARM4_CORE_SYSCALL(regs), (void *)PT_REGS_PARM5_CORE_SYSCALL(regs))
#define BPFLINT_SYS_6(...) (ctx, (void *)PT_REGS_PARM1_CORE_SYSCALL(regs), (void *)PT_REGS_PARM2_CORE_SYSCALL(regs), (void *)PT_REGS_PARM3_CORE_SYSCALL(regs), (void *)PT_REGS_PARM4_CORE_SYSCALL(regs), (void *)PT_REGS_PARM5_CORE_SYSCALL(regs), (void *)PT_REGS_PARM6_CORE_SYSCALL(regs))
#define BPFLINT_SYS_7(...) (ctx, (void *)PT_REGS_PARM1_CORE_SYSCALL(regs), (void *)PT_REGS_PARM2_CORE_SYSCALL(regs), (void *)PT_REGS_PARM3_CORE_SYSCALL(regs), (void *)PT_REGS_PARM4_CORE_SYSCALL(regs), (void *)PT_REGS_PARM5_CORE_SYSCALL(regs), (void *)PT_REGS_PARM6_CORE_SYSCALL(regs), (void *)PT_REGS_PARM7_CORE_SYSCALL(regs))
#define BPFLINT_SYSW_0(...) (ctx)
#define BPFLINT_SYSW_1(...) (ctx, (void *)PT_REGS_PARM1_SYSCALL(regs))
#define BPFLINT_SYSW_2(...) (ctx, (void *)PT_REGS_PARM1_SYSCALL(regs), (void *)PT_REGS_PARM2_SYSCALL(regs))
#define BPFLINT_SYSW_3(...) (ctx, (void *)PT_REGS_PARM1_SYSCALL(regs), (void *)PT_REGS_PARM2_SYSCALL(regs), (void *)PT_REGS_PARM3_SYSCALL(regs))
#define BPFLINT_SYSW_4(...) (ctx, (void *)PT_REGS_PARM1_SYSCALL(regs), (void *)PT_REGS_PARM2_SYSCALL(regs), (void *)PT_REGS_PARM3_SYSCALL(regs), (void *)PT_REGS_PARM4_SYSCALL(regs))
#define BPFLINT_SYSW_5(...) (ctx, (void *)PT_REGS_PARM1_SYSCALL(regs), (void *)PT_REGS_PARM2_SYSCALL(regs), (void *)PT_REGS_PARM3_SYSCALL(regs), (void *)PT_REGS_PARM4_SYSCALL(regs), (void *)PT_REGS_PARM5_SYSCALL(regs))
#define BPFLINT_SYSW_6(...) (ctx, (void *)PT_REGS_PARM1_SYSCALL(regs), (void *)PT_REGS_PARM2_SYSCALL(regs), (void *)PT_REGS_PARM3_SYSCALL(regs), (void *)PT_REGS_PARM4_SYSCALL(regs), (void *)PT_REGS_PARM5_SYSCALL(regs), (void *)PT_REGS_PARM6_SYSCALL(regs))
#define BPFLINT_SYSW_7(...) (ctx, (void *)PT_REGS_PARM1_SYSCALL(regs), (void *)PT_REGS_PARM2_SYSCALL(regs), (void *)PT_REGS_PARM3_SYSCALL(regs), (void *)PT_REGS_PARM4_SYSCALL(regs), (void *)PT_REGS_PARM5_SYSCALL(regs), (void *)PT_REGS_PARM6_SYSCALL(regs), (void *)PT_REGS_PARM7_SYSCALL(regs))
#define BPFLINT_ARGS(kind, args...) BPFLINT_CAT(kind, ___bpf_narg(args))()
#define BPF_PROG(name, args...) BPFLINT_WRAP(unsigned long long *ctx, name, BPFLINT_ARGS(BPFLINT_CTX_, ##args), ##args)
#define BPF_KPROBE(name, args...) BPFLINT_WRAP(struct pt_regs *ctx, name, BPFLINT_ARGS(BPFLINT_REGS_, ##args), ##args)
#define BPF_KRETPROBE(name, args...) BPFLINT_WRAP(struct pt_regs *ctx, name, BPFLINT_ARGS(BPFLINT_RC_, ##args), ##args)
#define BPF_UPROBE(name, args...) BPF_KPROBE(name, ##args)
#define BPF_URETPROBE(name, args...) BPF_KRETPROBE(name, ##args)

extern _Bool LINUX_HAS_SYSCALL_WRAPPER __kconfig;
#define BPF_KSYSCALL(name, args...) \
name(struct pt_regs *ctx); \
static __attribute__((always_inline)) __typeof__(name(0)) ____##name(struct pt_regs *ctx, ##args); \
__typeof__(name(0)) name(struct pt_regs *ctx) \
{ \
	struct pt_regs *regs = LINUX_HAS_SYSCALL_WRAPPER ? (struct pt_regs *)PT_REGS_PARM1(ctx) : ctx; \
	BPFLINT_QUIET(if (LINUX_HAS_SYSCALL_WRAPPER) return ____##name BPFLINT_ARGS(BPFLINT_SYS_, ##args); \
		      return ____##name BPFLINT_ARGS(BPFLINT_SYSW_, ##args);) \
} \
static __attribute__((always_inline)) __typeof__(name(0)) ____##name(struct pt_regs *ctx, ##args)
#define BPF_KPROBE_SYSCALL BPF_KSYSCALL

/* BPF_PROG2 takes type and name apart, because a struct argument fills one or two slots of the context. */
#define BPFLINT_SLOTS(t) (sizeof(t) <= 8 ? 1 : 2)
#define BPFLINT_READ_SLOT(t, at) ({ union { unsigned long long raw[2]; t value; } ___u; ___u.raw[0] = ctx[at]; \
	if (BPFLINT_SLOTS(t) == 2) ___u.raw[1] = ctx[(at) + 1]; ___u.value; })
#define BPFLINT_DECL2_0() 
#define BPFLINT_CALL2_0() 
#define BPFLINT_DECL2_2(t0, n0) , t0 n0
#define BPFLINT_CALL2_2(t0, n0) , BPFLINT_READ_SLOT(t0, 0)
#define BPFLINT_DECL2_4(t0, n0, t1, n1) , t0 n0, t1 n1
#define BPFLINT_CALL2_4(t0, n0, t1, n1) , BPFLINT_READ_SLOT(t0, 0), BPFLINT_READ_SLOT(t1, 0 + BPFLINT_SLOTS(t0))
#define BPFLINT_DECL2_6(t0, n0, t1, n1, t2, n2) , t0 n0, t1 n1, t2 n2
#define BPFLINT_CALL2_6(t0, n0, t1, n1, t2, n2) , BPFLINT_READ_SLOT(t0, 0), BPFLINT_READ_SLOT(t1, 0 + BPFLINT_SLOTS(t0)), BPFLINT_READ_SLOT(t2, 0 + BPFLINT_SLOTS(t0) + BPFLINT_SLOTS(t1))
#define BPFLINT_DECL2_8(t0, n0, t1, n1, t2, n2, t3, n3) , t0 n0, t1 n1, t2 n2, t3 n3
#define BPFLINT_CALL2_8(t0, n0, t1, n1, t2, n2, t3, n3) , BPFLINT_READ_SLOT(t0, 0), BPFLINT_READ_SLOT(t1, 0 + BPFLINT_SLOTS(t0)), BPFLINT_READ_SLOT(t2, 0 + BPFLINT_SLOTS(t0) + BPFLINT_SLOTS(t1)), BPFLINT_READ_SLOT(t3, 0 + BPFLINT_SLOTS(t0) + BPFLINT_SLOTS(t1) + BPFLINT_SLOTS(t2))
#define BPFLINT_DECL2_10(t0, n0, t1, n1, t2, n2, t3, n3, t4, n4) , t0 n0, t1 n1, t2 n2, t3 n3, t4 n4
#define BPFLINT_CALL2_10(t0, n0, t1, n1, t2, n2, t3, n3, t4, n4) , BPFLINT_READ_SLOT(t0, 0), BPFLINT_READ_SLOT(t1, 0 + BPFLINT_SLOTS(t0)), BPFLINT_READ_SLOT(t2, 0 + BPFLINT_SLOTS(t0) + BPFLINT_SLOTS(t1)), BPFLINT_READ_SLOT(t3, 0 + BPFLINT_SLOTS(t0) + BPFLINT_SLOTS(t1) + BPFLINT_SLOTS(t2)), BPFLINT_READ_SLOT(t4, 0 + BPFLINT_SLOTS(t0) + BPFLINT_SLOTS(t1) + BPFLINT_SLOTS(t2) + BPFLINT_SLOTS(t3))
#define BPFLINT_DECL2_12(t0, n0, t1, n1, t2, n2, t3, n3, t4, n4, t5, n5) , t0 n0, t1 n1, t2 n2, t3 n3, t4 n4, t5 n5
#define BPFLINT_CALL2_12(t0, n0, t1, n1, t2, n2, t3, n3, t4, n4, t5, n5) , BPFLINT_READ_SLOT(t0, 0), BPFLINT_READ_SLOT(t1, 0 + BPFLINT_SLOTS(t0)), BPFLINT_READ_SLOT(t2, 0 + BPFLINT_SLOTS(t0) + BPFLINT_SLOTS(t1)), BPFLINT_READ_SLOT(t3, 0 + BPFLINT_SLOTS(t0) + BPFLINT_SLOTS(t1) + BPFLINT_SLOTS(t2)), BPFLINT_READ_SLOT(t4, 0 + BPFLINT_SLOTS(t0) + BPFLINT_SLOTS(t1) + BPFLINT_SLOTS(t2) + BPFLINT_SLOTS(t3)), BPFLINT_READ_SLOT(t5, 0 + BPFLINT_SLOTS(t0) + BPFLINT_SLOTS(t1) + BPFLINT_SLOTS(t2) + BPFLINT_SLOTS(t3) + BPFLINT_SLOTS(t4))
#define ___bpf_ctx_decl(args...) BPFLINT_CAT(BPFLINT_DECL2_, ___bpf_narg(args))(args)
#define BPF_PROG2(name, args...) \
name(unsigned long long *ctx); \
static __attribute__((always_inline)) __typeof__(name(0)) ____##name(unsigned long long *ctx ___bpf_ctx_decl(args)); \
__typeof__(name(0)) name(unsigned long long *ctx) \
{ \
	return ____##name(ctx BPFLINT_CAT(BPFLINT_CALL2_, ___bpf_narg(args))(args)); \
} \
static __attribute__((always_inline)) __typeof__(name(0)) ____##name(unsigned long long *ctx ___bpf_ctx_decl(args))
#endif
