/* POSIX <poll.h>. */
#ifndef BPFLINT_POLL_H
#define BPFLINT_POLL_H
#define POLLIN 1
#define POLLPRI 2
#define POLLOUT 4
#define POLLERR 8
#define POLLHUP 16
#define POLLNVAL 32
typedef unsigned long nfds_t;
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
struct pollfd { int fd; short events, revents; };
#endif
struct pollfd;
int poll(struct pollfd *fds, nfds_t count, int timeout);
#endif
