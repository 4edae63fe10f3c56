/* POSIX <sys/un.h>. */
#ifndef BPFLINT_SYS_UN_H
#define BPFLINT_SYS_UN_H
#include <sys/socket.h>
#include <linux/un.h>
#endif
