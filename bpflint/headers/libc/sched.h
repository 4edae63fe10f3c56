/* POSIX and Linux <sched.h>. */
#ifndef BPFLINT_SCHED_H
#define BPFLINT_SCHED_H
#include <sys/types.h>
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
#ifndef __bpf__
struct sched_param { int sched_priority; };
#endif
typedef struct { unsigned long __bits[1024 / (8 * sizeof(long))]; } cpu_set_t;
#define CPU_SETSIZE 1024
#define CPU_ZERO(set) __builtin_memset(set, 0, sizeof(cpu_set_t))
#define CPU_SET(cpu, set) ((set)->__bits[(cpu) / (8 * sizeof(long))] |= 1UL << ((cpu) % (8 * sizeof(long))))
#define CPU_ISSET(cpu, set) (((set)->__bits[(cpu) / (8 * sizeof(long))] >> ((cpu) % (8 * sizeof(long)))) & 1)
int sched_setaffinity(pid_t pid, __SIZE_TYPE__ n, const cpu_set_t *set);
int sched_getaffinity(pid_t pid, __SIZE_TYPE__ n, cpu_set_t *set);
#endif
#ifndef SCHED_OTHER
#define SCHED_OTHER 0
#define SCHED_FIFO 1
#define SCHED_RR 2
#define SCHED_BATCH 3
#define SCHED_IDLE 5
#define SCHED_DEADLINE 6
#endif
int sched_yield(void);
int sched_getcpu(void);
int setns(int fd, int type);
int unshare(int flags);
#ifndef CLONE_NEWNS
#define CLONE_NEWNS 0x00020000
#define CLONE_NEWNET 0x40000000
#define CLONE_NEWPID 0x20000000
#define CLONE_NEWUSER 0x10000000
#define CLONE_NEWCGROUP 0x02000000
#define CLONE_NEWIPC 0x08000000
#define CLONE_NEWUTS 0x04000000
#endif
#endif
