/* BSD <ifaddrs.h>. */
#ifndef BPFLINT_IFADDRS_H
#define BPFLINT_IFADDRS_H
#include <sys/socket.h>
struct ifaddrs { struct ifaddrs *ifa_next; char *ifa_name; unsigned int ifa_flags; struct sockaddr *ifa_addr, *ifa_netmask, *ifa_dstaddr; void *ifa_data; };
int getifaddrs(struct ifaddrs **out);
void freeifaddrs(struct ifaddrs *list);
#endif
