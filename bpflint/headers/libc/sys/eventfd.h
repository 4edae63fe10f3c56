/* Linux <sys/eventfd.h>. */
#ifndef BPFLINT_SYS_EVENTFD_H
#define BPFLINT_SYS_EVENTFD_H
#include <stdint.h>
#define EFD_CLOEXEC 02000000
#define EFD_NONBLOCK 04000
typedef uint64_t eventfd_t;
int eventfd(unsigned int start, int flags);
#endif
