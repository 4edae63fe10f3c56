/* BSD <netinet/ip.h>: the kernel's iphdr. */
#ifndef BPFLINT_NETINET_IP_H
#define BPFLINT_NETINET_IP_H
#include <netinet/in.h>
#include <linux/ip.h>
#endif
