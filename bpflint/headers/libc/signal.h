/* POSIX <signal.h>: numbers of the common machines (mips, sparc and alpha differ). */
#ifndef BPFLINT_SIGNAL_H
#define BPFLINT_SIGNAL_H
#include <sys/types.h>
#define SIGHUP 1
#define SIGINT 2
#define SIGQUIT 3
#define SIGILL 4
#define SIGTRAP 5
#define SIGABRT 6
#define SIGBUS 7
#define SIGFPE 8
#define SIGKILL 9
#define SIGUSR1 10
#define SIGSEGV 11
#define SIGUSR2 12
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15
#define SIGCHLD 17
#define SIGCONT 18
#define SIGSTOP 19
#define SIGTSTP 20
#define SIGWINCH 28
#define SIGIO 29
#define SIGSYS 31
#define SA_RESTART 0x10000000
#define SA_SIGINFO 4
#define SIG_BLOCK 0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2
typedef int sig_atomic_t;
typedef void (*__sighandler_t)(int);
typedef __sighandler_t sighandler_t;
#define SIG_DFL ((sighandler_t)0)
#define SIG_IGN ((sighandler_t)1)
#define SIG_ERR ((sighandler_t)-1)
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
/* 128 bytes: what follows depends on the signal, and holds pointers. */
typedef struct { int si_signo, si_errno, si_code; union { void *__align; char __size[128 - 4 * sizeof(int)]; } __rest __attribute__((aligned(sizeof(void *)))); } siginfo_t;
struct sigaction { union { sighandler_t sa_handler; void (*sa_sigaction)(int, siginfo_t *, void *); }; sigset_t sa_mask; int sa_flags; void (*sa_restorer)(void); };
int sigaction(int number, const struct sigaction *now, struct sigaction *old);
int sigemptyset(sigset_t *set);
int sigfillset(sigset_t *set);
int sigaddset(sigset_t *set, int number);
int sigprocmask(int how, const sigset_t *set, sigset_t *old);
int pthread_sigmask(int how, const sigset_t *set, sigset_t *old);
#endif
sighandler_t signal(int number, sighandler_t handler);
int kill(int pid, int number);
int raise(int number);
#endif
