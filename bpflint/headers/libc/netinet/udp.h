/* BSD <netinet/udp.h>: the kernel's udphdr. */
#ifndef BPFLINT_NETINET_UDP_H
#define BPFLINT_NETINET_UDP_H
#include <netinet/in.h>
#include <linux/udp.h>
#define SOL_UDP 17
#endif
