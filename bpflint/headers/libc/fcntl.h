/* POSIX <fcntl.h>. */
#ifndef BPFLINT_FCNTL_H
#define BPFLINT_FCNTL_H
#include <sys/types.h>
#include <linux/fcntl.h>
#include <asm-generic/fcntl.h>
#ifndef __bpf__
int open(const char *path, int flags, ...);
int openat(int dir, const char *path, int flags, ...);
int creat(const char *path, mode_t mode);
int fcntl(int fd, int command, ...);
#endif
#endif
