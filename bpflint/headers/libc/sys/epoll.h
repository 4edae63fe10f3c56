/* Linux <sys/epoll.h>. */
#ifndef BPFLINT_SYS_EPOLL_H
#define BPFLINT_SYS_EPOLL_H
#include <stdint.h>
#ifndef EPOLLIN
#define EPOLLIN 1
#define EPOLLOUT 4
#define EPOLLERR 8
#define EPOLLHUP 16
#endif
#define EPOLL_CLOEXEC 02000000
#ifndef EPOLL_CTL_ADD
#define EPOLL_CTL_ADD 1
#define EPOLL_CTL_DEL 2
#define EPOLL_CTL_MOD 3
#endif
typedef union epoll_data { void *ptr; int fd; uint32_t u32; uint64_t u64; } epoll_data_t;
#ifdef __x86_64__
struct epoll_event { uint32_t events; epoll_data_t data; } __attribute__((packed));
#else
struct epoll_event { uint32_t events; epoll_data_t data; };
#endif
int epoll_create(int size);
int epoll_create1(int flags);
int epoll_ctl(int fd, int op, int what, struct epoll_event *event);
int epoll_wait(int fd, struct epoll_event *out, int count, int timeout);
#endif
