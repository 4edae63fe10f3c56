/* POSIX <sys/time.h>. */
#ifndef BPFLINT_SYS_TIME_H
#define BPFLINT_SYS_TIME_H
#include <sys/types.h>
#ifndef __bpf__
#ifndef BPFLINT_HAVE_TIMEZONE
#define BPFLINT_HAVE_TIMEZONE
struct timezone { int tz_minuteswest, tz_dsttime; };
#endif
#ifndef BPFLINT_HAVE_ITIMERVAL
#define BPFLINT_HAVE_ITIMERVAL
struct itimerval { struct timeval it_interval, it_value; };
#endif
#define ITIMER_REAL 0
int setitimer(int which, const struct itimerval *now, struct itimerval *old);
int gettimeofday(struct timeval *out, void *zone);
#endif
#endif
