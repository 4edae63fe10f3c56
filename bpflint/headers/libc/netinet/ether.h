/* GNU <netinet/ether.h>. */
#ifndef BPFLINT_NETINET_ETHER_H
#define BPFLINT_NETINET_ETHER_H
#include <net/ethernet.h>
char *ether_ntoa(const struct ether_addr *a);
struct ether_addr *ether_aton(const char *s);
struct ether_addr *ether_aton_r(const char *s, struct ether_addr *a);
#endif
