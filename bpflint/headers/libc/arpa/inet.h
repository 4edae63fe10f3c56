/* POSIX <arpa/inet.h>. */
#ifndef BPFLINT_ARPA_INET_H
#define BPFLINT_ARPA_INET_H
#include <netinet/in.h>
#ifndef __bpf__
const char *inet_ntop(int family, const void *from, char *to, socklen_t n);
int inet_pton(int family, const char *from, void *to);
char *inet_ntoa(struct in_addr a);
in_addr_t inet_addr(const char *s);
int inet_aton(const char *s, struct in_addr *out);
#endif
#endif
