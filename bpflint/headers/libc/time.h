/* ISO C and POSIX <time.h>. */
#ifndef BPFLINT_TIME_H
#define BPFLINT_TIME_H
#include <sys/types.h>
struct tm { int tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst; long tm_gmtoff; const char *tm_zone; };
#ifndef CLOCK_REALTIME
#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID 3
#define CLOCK_MONOTONIC_RAW 4
#define CLOCK_REALTIME_COARSE 5
#define CLOCK_MONOTONIC_COARSE 6
#define CLOCK_BOOTTIME 7
#define CLOCK_TAI 11
#endif
#define TIMER_ABSTIME 1
#define CLOCKS_PER_SEC 1000000
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
#ifndef BPFLINT_HAVE_ITIMERSPEC
#define BPFLINT_HAVE_ITIMERSPEC
struct itimerspec { struct timespec it_interval, it_value; };
#endif
time_t time(time_t *out);
clock_t clock(void);
double difftime(time_t a, time_t b);
time_t mktime(struct tm *tm);
struct tm *localtime(const time_t *t);
struct tm *localtime_r(const time_t *t, struct tm *out);
struct tm *gmtime(const time_t *t);
struct tm *gmtime_r(const time_t *t, struct tm *out);
__SIZE_TYPE__ strftime(char *to, __SIZE_TYPE__ n, const char *fmt, const struct tm *tm);
char *ctime(const time_t *t);
int clock_gettime(clockid_t clock, struct timespec *out);
int nanosleep(const struct timespec *wish, struct timespec *left);
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *wish, struct timespec *left);
#endif
#endif
