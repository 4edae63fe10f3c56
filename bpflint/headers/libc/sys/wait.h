/* POSIX <sys/wait.h>. */
#ifndef BPFLINT_SYS_WAIT_H
#define BPFLINT_SYS_WAIT_H
#include <sys/types.h>
#define WNOHANG 1
#define WEXITSTATUS(s) (((s) >> 8) & 0xff)
#define WTERMSIG(s) ((s) & 0x7f)
#define WIFEXITED(s) (WTERMSIG(s) == 0)
#define WIFSIGNALED(s) (((signed char)(WTERMSIG(s) + 1) >> 1) > 0)
#ifndef __bpf__
pid_t wait(int *status);
pid_t waitpid(pid_t pid, int *status, int options);
#endif
#endif
