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
#ifndef BPFLINT_HAVE_RUSAGE
#define BPFLINT_HAVE_RUSAGE
struct rusage {
	struct timeval ru_utime, ru_stime;
	long ru_maxrss, ru_ixrss, ru_idrss, ru_isrss, ru_minflt, ru_majflt, ru_nswap;
	long ru_inblock, ru_oublock, ru_msgsnd, ru_msgrcv, ru_nsignals, ru_nvcsw, ru_nivcsw;
};
#endif
#define RUSAGE_SELF 0
#define RUSAGE_CHILDREN (-1)
#define RUSAGE_THREAD 1
int getrusage(int who, struct rusage *out);
int getrlimit(int what, struct rlimit *out);
int setrlimit(int what, const struct rlimit *value);
#endif
#endif
