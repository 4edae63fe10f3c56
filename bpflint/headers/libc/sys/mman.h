/* POSIX <sys/mman.h>. */
#ifndef BPFLINT_SYS_MMAN_H
#define BPFLINT_SYS_MMAN_H
#include <sys/types.h>
#include <linux/mman.h>
#define MAP_FAILED ((void *)-1)
#ifndef __bpf__
void *mmap(void *at, __SIZE_TYPE__ n, int prot, int flags, int fd, off_t from);
int munmap(void *at, __SIZE_TYPE__ n);
int mprotect(void *at, __SIZE_TYPE__ n, int prot);
int memfd_create(const char *name, unsigned int flags);
#endif
#endif
