/* Interface of <linux/netfilter_arp.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_NETFILTER_ARP_H
#define BPFLINT_LINUX_NETFILTER_ARP_H
#include <linux/netfilter.h>
#define NF_ARP 0
#define NF_ARP_IN 0
#define NF_ARP_OUT 1
#define NF_ARP_FORWARD 2
#define NF_ARP_NUMHOOKS 3
#endif
