/* POSIX <sys/resource.h>. */
#ifndef BPFLINT_SYS_RESOURCE_H
#define BPFLINT_SYS_RESOURCE_H
#include <sys/types.h>
#include <asm/resource.h>
typedef unsigned long rlim_t;
#ifndef __bpf__
#ifndef BPFLINT_HAVE_RLIMIT
#define BPFLINT_HAVE_RLIMIT
struct rlimit { rlim_t rlim_cur, rlim_max; };
#endif
int getrlimit(int what, struct rlimit *out);
int setrlimit(int what, const struct rlimit *value);
#endif
#endif
