/* POSIX <netinet/in.h>: its structs are the kernel's. */
#ifndef BPFLINT_NETINET_IN_H
#define BPFLINT_NETINET_IN_H
#include <sys/socket.h>
#include <linux/in.h>
#include <linux/in6.h>
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
typedef uint32_t in_addr_t;
typedef uint16_t in_port_t;
#endif
#define INET_ADDRSTRLEN 16
#define INET6_ADDRSTRLEN 46
#ifndef __bpf__
extern const struct in6_addr in6addr_any, in6addr_loopback;
#endif
#ifndef BPFLINT_HTONS
#define BPFLINT_HTONS
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define htons(x) __builtin_bswap16(x)
#define ntohs(x) __builtin_bswap16(x)
#define htonl(x) __builtin_bswap32(x)
#define ntohl(x) __builtin_bswap32(x)
#else
#define htons(x) (x)
#define ntohs(x) (x)
#define htonl(x) (x)
#define ntohl(x) (x)
#endif
#endif
#define IN6_IS_ADDR_V4MAPPED(a) ((a)->s6_addr32[0] == 0 && (a)->s6_addr32[1] == 0 && (a)->s6_addr32[2] == htonl(0xffff))
#endif
