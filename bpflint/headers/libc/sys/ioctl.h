/* POSIX <sys/ioctl.h>. */
#ifndef BPFLINT_SYS_IOCTL_H
#define BPFLINT_SYS_IOCTL_H
#include <asm/ioctls.h>
#include <asm/ioctl.h>
int ioctl(int fd, unsigned long request, ...);
#endif
