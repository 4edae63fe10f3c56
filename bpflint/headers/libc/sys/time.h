/* POSIX <sys/time.h>. */
#ifndef BPFLINT_SYS_TIME_H
#define BPFLINT_SYS_TIME_H
#include <sys/types.h>
#ifndef __bpf__
int gettimeofday(struct timeval *out, void *zone);
#endif
#endif
