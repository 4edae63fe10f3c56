/* BSD <netinet/tcp.h>: the kernel's tcphdr. */
#ifndef BPFLINT_NETINET_TCP_H
#define BPFLINT_NETINET_TCP_H
#include <netinet/in.h>
#include <linux/tcp.h>
#define SOL_TCP 6
#endif
