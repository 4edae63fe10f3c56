/* POSIX <sys/socket.h>. */
#ifndef BPFLINT_SYS_SOCKET_H
#define BPFLINT_SYS_SOCKET_H
#include <sys/types.h>
#include <sys/uio.h>
#include <asm/socket.h>
typedef unsigned int socklen_t;
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
#ifndef BPFLINT_HAVE_SOCKADDR
#define BPFLINT_HAVE_SOCKADDR
typedef unsigned short sa_family_t;
struct sockaddr { sa_family_t sa_family; char sa_data[14]; };
struct sockaddr_storage { sa_family_t ss_family; char __pad[128 - 2 - sizeof(unsigned long)]; unsigned long __align; };
struct msghdr { void *msg_name; socklen_t msg_namelen; struct iovec *msg_iov; __SIZE_TYPE__ msg_iovlen; void *msg_control; __SIZE_TYPE__ msg_controllen; int msg_flags; };
struct cmsghdr { __SIZE_TYPE__ cmsg_len; int cmsg_level, cmsg_type; };
struct linger { int l_onoff, l_linger; };
struct ucred { pid_t pid; uid_t uid; gid_t gid; };
#endif
enum __socket_type { SOCK_STREAM = 1, SOCK_DGRAM = 2, SOCK_RAW = 3, SOCK_RDM = 4, SOCK_SEQPACKET = 5, SOCK_DCCP = 6, SOCK_PACKET = 10,
	SOCK_CLOEXEC = 02000000, SOCK_NONBLOCK = 04000 };
#endif
#define AF_UNSPEC 0
#define PF_UNSPEC 0
#define AF_UNIX 1
#define PF_UNIX 1
#define AF_INET 2
#define PF_INET 2
#define AF_AX25 3
#define PF_AX25 3
#define AF_IPX 4
#define PF_IPX 4
#define AF_APPLETALK 5
#define PF_APPLETALK 5
#define AF_NETROM 6
#define PF_NETROM 6
#define AF_BRIDGE 7
#define PF_BRIDGE 7
#define AF_ATMPVC 8
#define PF_ATMPVC 8
#define AF_X25 9
#define PF_X25 9
#define AF_INET6 10
#define PF_INET6 10
#define AF_ROSE 11
#define PF_ROSE 11
#define AF_DECnet 12
#define PF_DECnet 12
#define AF_NETBEUI 13
#define PF_NETBEUI 13
#define AF_SECURITY 14
#define PF_SECURITY 14
#define AF_KEY 15
#define PF_KEY 15
#define AF_NETLINK 16
#define PF_NETLINK 16
#define AF_PACKET 17
#define PF_PACKET 17
#define AF_ASH 18
#define PF_ASH 18
#define AF_ECONET 19
#define PF_ECONET 19
#define AF_ATMSVC 20
#define PF_ATMSVC 20
#define AF_RDS 21
#define PF_RDS 21
#define AF_SNA 22
#define PF_SNA 22
#define AF_IRDA 23
#define PF_IRDA 23
#define AF_PPPOX 24
#define PF_PPPOX 24
#define AF_WANPIPE 25
#define PF_WANPIPE 25
#define AF_LLC 26
#define PF_LLC 26
#define AF_IB 27
#define PF_IB 27
#define AF_MPLS 28
#define PF_MPLS 28
#define AF_CAN 29
#define PF_CAN 29
#define AF_TIPC 30
#define PF_TIPC 30
#define AF_BLUETOOTH 31
#define PF_BLUETOOTH 31
#define AF_IUCV 32
#define PF_IUCV 32
#define AF_RXRPC 33
#define PF_RXRPC 33
#define AF_ISDN 34
#define PF_ISDN 34
#define AF_PHONET 35
#define PF_PHONET 35
#define AF_IEEE802154 36
#define PF_IEEE802154 36
#define AF_CAIF 37
#define PF_CAIF 37
#define AF_ALG 38
#define PF_ALG 38
#define AF_NFC 39
#define PF_NFC 39
#define AF_VSOCK 40
#define PF_VSOCK 40
#define AF_KCM 41
#define PF_KCM 41
#define AF_QIPCRTR 42
#define PF_QIPCRTR 42
#define AF_SMC 43
#define PF_SMC 43
#define AF_XDP 44
#define PF_XDP 44
#define AF_MCTP 45
#define PF_MCTP 45
#define AF_LOCAL 1
#define PF_LOCAL 1
#define AF_ROUTE AF_NETLINK
#ifndef SOL_IP
#define SOL_IP 0
#endif
#ifndef SOL_TCP
#define SOL_TCP 6
#endif
#ifndef SOL_UDP
#define SOL_UDP 17
#endif
#ifndef SOL_IPV6
#define SOL_IPV6 41
#endif
#ifndef SOL_ICMPV6
#define SOL_ICMPV6 58
#endif
#ifndef SOL_SCTP
#define SOL_SCTP 132
#endif
#ifndef SOL_RAW
#define SOL_RAW 255
#endif
#ifndef SOL_PACKET
#define SOL_PACKET 263
#endif
#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif
#ifndef SOL_TLS
#define SOL_TLS 282
#endif
#ifndef SOL_XDP
#define SOL_XDP 283
#endif
#ifndef SOL_MPTCP
#define SOL_MPTCP 284
#endif
#define SHUT_RD 0
#define SHUT_WR 1
#define SHUT_RDWR 2
#define MSG_PEEK 2
#define MSG_TRUNC 0x20
#define MSG_DONTWAIT 0x40
#define MSG_NOSIGNAL 0x4000
#define SOMAXCONN 4096
#ifndef __bpf__
int socket(int family, int type, int protocol);
int socketpair(int family, int type, int protocol, int fds[2]);
int bind(int fd, const struct sockaddr *to, socklen_t n);
int connect(int fd, const struct sockaddr *to, socklen_t n);
int listen(int fd, int backlog);
int accept(int fd, struct sockaddr *from, socklen_t *n);
int accept4(int fd, struct sockaddr *from, socklen_t *n, int flags);
int getsockname(int fd, struct sockaddr *out, socklen_t *n);
int getpeername(int fd, struct sockaddr *out, socklen_t *n);
int getsockopt(int fd, int level, int name, void *out, socklen_t *n);
int setsockopt(int fd, int level, int name, const void *value, socklen_t n);
int shutdown(int fd, int how);
ssize_t send(int fd, const void *from, __SIZE_TYPE__ n, int flags);
ssize_t sendto(int fd, const void *from, __SIZE_TYPE__ n, int flags, const struct sockaddr *to, socklen_t len);
ssize_t sendmsg(int fd, const struct msghdr *m, int flags);
ssize_t recv(int fd, void *to, __SIZE_TYPE__ n, int flags);
ssize_t recvfrom(int fd, void *to, __SIZE_TYPE__ n, int flags, struct sockaddr *from, socklen_t *len);
ssize_t recvmsg(int fd, struct msghdr *m, int flags);
#endif
#endif
