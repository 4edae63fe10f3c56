/* ISO C <errno.h> with the kernel's numbers. */
#ifndef BPFLINT_ERRNO_H
#define BPFLINT_ERRNO_H
#include <linux/errno.h>
#ifndef ENOTSUP
#define ENOTSUP EOPNOTSUPP
#endif
#ifndef __bpf__
int *__errno_location(void);
#define errno (*__errno_location())
extern char *program_invocation_name, *program_invocation_short_name;
#endif
#endif
