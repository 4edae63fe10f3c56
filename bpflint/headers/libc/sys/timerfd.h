/* Linux <sys/timerfd.h>. */
#ifndef BPFLINT_SYS_TIMERFD_H
#define BPFLINT_SYS_TIMERFD_H
#include <time.h>
#define TFD_CLOEXEC 02000000
#define TFD_NONBLOCK 04000
int timerfd_create(int clock, int flags);
int timerfd_settime(int fd, int flags, const struct itimerspec *now, struct itimerspec *old);
#endif
