/* POSIX <sys/uio.h>. */
#ifndef BPFLINT_SYS_UIO_H
#define BPFLINT_SYS_UIO_H
#include <sys/types.h>
#include <linux/uio.h>
#endif
