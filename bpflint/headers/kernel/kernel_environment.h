/* What kernel-internal headers give beyond the types of vmlinux.h: force-include it after that. */
#ifndef BPFLINT_KERNEL_ENVIRONMENT_H
#define BPFLINT_KERNEL_ENVIRONMENT_H
#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/version.h>
#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/futex.h>
#include <linux/limits.h>
#include <linux/quota.h>
#include <linux/resource.h>
#include <linux/stat.h>
#include <linux/un.h>
#include <asm-generic/fcntl.h>
#include <asm/errno.h>
#include <asm/socket.h>
#ifndef __user
#define __user
#endif
#ifndef __kernel
#define __kernel
#endif
#ifndef __packed
#define __packed __attribute__((packed))
#endif
#ifndef __aligned
#define __aligned(n) __attribute__((aligned(n)))
#endif
#ifndef __stringify
#define BPFLINT_STRINGIFY_(x...) #x
#define __stringify(x...) BPFLINT_STRINGIFY_(x)
#endif
#ifndef __maybe_unused
#define __maybe_unused __attribute__((unused))
#endif
#ifndef likely
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#endif
#ifndef BITS_PER_LONG
#define BITS_PER_LONG 64
#endif
#ifndef ULLONG_MAX
#define ULLONG_MAX (~0ULL)
#endif
#ifndef IS_ENABLED
#define IS_ENABLED(option) 0
#endif
#ifndef UTS_RELEASE
#define UTS_RELEASE ""
#endif
#ifndef TASK_COMM_LEN
#define TASK_COMM_LEN 16
#endif
#ifndef NAME_MAX
#define NAME_MAX 255
#endif
#ifndef PATH_MAX
#define PATH_MAX 4096
#endif
#ifndef IFNAMSIZ
#define IFNAMSIZ 16
#endif
#ifndef DNAME_INLINE_LEN
#define DNAME_INLINE_LEN 32
#endif
#ifndef TASK_RUNNING
#define TASK_RUNNING 0
#endif
#ifndef DISK_NAME_LEN
#define DISK_NAME_LEN 32
#endif
#ifndef USER_HZ
#define USER_HZ 100
#endif
#ifndef s6_addr
#define s6_addr in6_u.u6_addr8
#define s6_addr16 in6_u.u6_addr16
#define s6_addr32 in6_u.u6_addr32
#endif
#ifndef AF_UNSPEC
#define AF_UNSPEC 0
#endif
#ifndef PF_UNSPEC
#define PF_UNSPEC 0
#endif
#ifndef AF_UNIX
#define AF_UNIX 1
#endif
#ifndef PF_UNIX
#define PF_UNIX 1
#endif
#ifndef AF_INET
#define AF_INET 2
#endif
#ifndef PF_INET
#define PF_INET 2
#endif
#ifndef AF_AX25
#define AF_AX25 3
#endif
#ifndef PF_AX25
#define PF_AX25 3
#endif
#ifndef AF_IPX
#define AF_IPX 4
#endif
#ifndef PF_IPX
#define PF_IPX 4
#endif
#ifndef AF_APPLETALK
#define AF_APPLETALK 5
#endif
#ifndef PF_APPLETALK
#define PF_APPLETALK 5
#endif
#ifndef AF_NETROM
#define AF_NETROM 6
#endif
#ifndef PF_NETROM
#define PF_NETROM 6
#endif
#ifndef AF_BRIDGE
#define AF_BRIDGE 7
#endif
#ifndef PF_BRIDGE
#define PF_BRIDGE 7
#endif
#ifndef AF_ATMPVC
#define AF_ATMPVC 8
#endif
#ifndef PF_ATMPVC
#define PF_ATMPVC 8
#endif
#ifndef AF_X25
#define AF_X25 9
#endif
#ifndef PF_X25
#define PF_X25 9
#endif
#ifndef AF_INET6
#define AF_INET6 10
#endif
#ifndef PF_INET6
#define PF_INET6 10
#endif
#ifndef AF_ROSE
#define AF_ROSE 11
#endif
#ifndef PF_ROSE
#define PF_ROSE 11
#endif
#ifndef AF_DECnet
#define AF_DECnet 12
#endif
#ifndef PF_DECnet
#define PF_DECnet 12
#endif
#ifndef AF_NETBEUI
#define AF_NETBEUI 13
#endif
#ifndef PF_NETBEUI
#define PF_NETBEUI 13
#endif
#ifndef AF_SECURITY
#define AF_SECURITY 14
#endif
#ifndef PF_SECURITY
#define PF_SECURITY 14
#endif
#ifndef AF_KEY
#define AF_KEY 15
#endif
#ifndef PF_KEY
#define PF_KEY 15
#endif
#ifndef AF_NETLINK
#define AF_NETLINK 16
#endif
#ifndef PF_NETLINK
#define PF_NETLINK 16
#endif
#ifndef AF_PACKET
#define AF_PACKET 17
#endif
#ifndef PF_PACKET
#define PF_PACKET 17
#endif
#ifndef AF_ASH
#define AF_ASH 18
#endif
#ifndef PF_ASH
#define PF_ASH 18
#endif
#ifndef AF_ECONET
#define AF_ECONET 19
#endif
#ifndef PF_ECONET
#define PF_ECONET 19
#endif
#ifndef AF_ATMSVC
#define AF_ATMSVC 20
#endif
#ifndef PF_ATMSVC
#define PF_ATMSVC 20
#endif
#ifndef AF_RDS
#define AF_RDS 21
#endif
#ifndef PF_RDS
#define PF_RDS 21
#endif
#ifndef AF_SNA
#define AF_SNA 22
#endif
#ifndef PF_SNA
#define PF_SNA 22
#endif
#ifndef AF_IRDA
#define AF_IRDA 23
#endif
#ifndef PF_IRDA
#define PF_IRDA 23
#endif
#ifndef AF_PPPOX
#define AF_PPPOX 24
#endif
#ifndef PF_PPPOX
#define PF_PPPOX 24
#endif
#ifndef AF_WANPIPE
#define AF_WANPIPE 25
#endif
#ifndef PF_WANPIPE
#define PF_WANPIPE 25
#endif
#ifndef AF_LLC
#define AF_LLC 26
#endif
#ifndef PF_LLC
#define PF_LLC 26
#endif
#ifndef AF_IB
#define AF_IB 27
#endif
#ifndef PF_IB
#define PF_IB 27
#endif
#ifndef AF_MPLS
#define AF_MPLS 28
#endif
#ifndef PF_MPLS
#define PF_MPLS 28
#endif
#ifndef AF_CAN
#define AF_CAN 29
#endif
#ifndef PF_CAN
#define PF_CAN 29
#endif
#ifndef AF_TIPC
#define AF_TIPC 30
#endif
#ifndef PF_TIPC
#define PF_TIPC 30
#endif
#ifndef AF_BLUETOOTH
#define AF_BLUETOOTH 31
#endif
#ifndef PF_BLUETOOTH
#define PF_BLUETOOTH 31
#endif
#ifndef AF_IUCV
#define AF_IUCV 32
#endif
#ifndef PF_IUCV
#define PF_IUCV 32
#endif
#ifndef AF_RXRPC
#define AF_RXRPC 33
#endif
#ifndef PF_RXRPC
#define PF_RXRPC 33
#endif
#ifndef AF_ISDN
#define AF_ISDN 34
#endif
#ifndef PF_ISDN
#define PF_ISDN 34
#endif
#ifndef AF_PHONET
#define AF_PHONET 35
#endif
#ifndef PF_PHONET
#define PF_PHONET 35
#endif
#ifndef AF_IEEE802154
#define AF_IEEE802154 36
#endif
#ifndef PF_IEEE802154
#define PF_IEEE802154 36
#endif
#ifndef AF_CAIF
#define AF_CAIF 37
#endif
#ifndef PF_CAIF
#define PF_CAIF 37
#endif
#ifndef AF_ALG
#define AF_ALG 38
#endif
#ifndef PF_ALG
#define PF_ALG 38
#endif
#ifndef AF_NFC
#define AF_NFC 39
#endif
#ifndef PF_NFC
#define PF_NFC 39
#endif
#ifndef AF_VSOCK
#define AF_VSOCK 40
#endif
#ifndef PF_VSOCK
#define PF_VSOCK 40
#endif
#ifndef AF_KCM
#define AF_KCM 41
#endif
#ifndef PF_KCM
#define PF_KCM 41
#endif
#ifndef AF_QIPCRTR
#define AF_QIPCRTR 42
#endif
#ifndef PF_QIPCRTR
#define PF_QIPCRTR 42
#endif
#ifndef AF_SMC
#define AF_SMC 43
#endif
#ifndef PF_SMC
#define PF_SMC 43
#endif
#ifndef AF_XDP
#define AF_XDP 44
#endif
#ifndef PF_XDP
#define PF_XDP 44
#endif
#ifndef AF_MCTP
#define AF_MCTP 45
#endif
#ifndef PF_MCTP
#define PF_MCTP 45
#endif
#ifndef AF_LOCAL
#define AF_LOCAL 1
#endif
#ifndef PF_LOCAL
#define PF_LOCAL 1
#endif
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
#ifndef ETH_ALEN
#define ETH_ALEN 6
#endif
#ifndef ETH_P_IP
#define ETH_P_IP 0x0800
#endif
#ifndef ETH_P_ARP
#define ETH_P_ARP 0x0806
#endif
#ifndef ETH_P_IPV6
#define ETH_P_IPV6 0x86dd
#endif
#ifndef ETH_P_8021Q
#define ETH_P_8021Q 0x8100
#endif
#ifndef TC_ACT_OK
#define TC_ACT_OK 0
#endif
#ifndef TC_ACT_SHOT
#define TC_ACT_SHOT 2
#endif
#ifndef TC_ACT_UNSPEC
#define TC_ACT_UNSPEC (-1)
#endif
#ifndef PAGE_SHIFT
#define PAGE_SHIFT 12
#endif
#ifndef PAGE_SIZE
#define PAGE_SIZE 4096UL
#endif
#ifndef PF_KTHREAD
#define PF_KTHREAD 0x00200000
#endif
#ifndef MINORBITS
#define MINORBITS 20
#endif
#ifndef MINORMASK
#define MINORMASK ((1U << MINORBITS) - 1)
#endif
#ifndef MAJOR
#define MAJOR(dev) ((unsigned int)((dev) >> MINORBITS))
#endif
#ifndef MINOR
#define MINOR(dev) ((unsigned int)((dev) & MINORMASK))
#endif
#ifndef MKDEV
#define MKDEV(ma, mi) (((ma) << MINORBITS) | (mi))
#endif
#ifndef S_IFMT
#define S_IFMT 0170000
#endif
#ifndef S_IFSOCK
#define S_IFSOCK 0140000
#endif
#ifndef S_IFREG
#define S_IFREG 0100000
#endif
#ifndef S_IFDIR
#define S_IFDIR 0040000
#endif
#ifndef S_ISREG
#define S_ISREG(m) (((m) & S_IFMT) == S_IFREG)
#endif
#ifndef S_ISDIR
#define S_ISDIR(m) (((m) & S_IFMT) == S_IFDIR)
#endif
#ifndef REQ_OP_BITS
#define REQ_OP_BITS 8
#endif
#ifndef REQ_OP_MASK
#define REQ_OP_MASK ((1 << REQ_OP_BITS) - 1)
#endif
#ifndef container_of
#define container_of(ptr, type, member) ((type *)((char *)(ptr) - __builtin_offsetof(type, member)))
#endif
#ifndef READ_ONCE
#define READ_ONCE(x) (x)
#endif
#ifndef ntohs
#define ntohs(x) __builtin_bswap16(x)
#define htons(x) __builtin_bswap16(x)
#define ntohl(x) __builtin_bswap32(x)
#define htonl(x) __builtin_bswap32(x)
#define be64_to_cpu(x) __builtin_bswap64(x)
#define cpu_to_be64(x) __builtin_bswap64(x)
#define be32_to_cpu(x) __builtin_bswap32(x)
#define be16_to_cpu(x) __builtin_bswap16(x)
#endif

/* Member names that kernel headers spell as macros. */
#ifndef inet_daddr
#define inet_daddr sk.__sk_common.skc_daddr
#endif
#ifndef inet_rcv_saddr
#define inet_rcv_saddr sk.__sk_common.skc_rcv_saddr
#endif
#ifndef inet_dport
#define inet_dport sk.__sk_common.skc_dport
#endif
#ifndef inet_num
#define inet_num sk.__sk_common.skc_num
#endif
#ifndef sk_family
#define sk_family __sk_common.skc_family
#endif
#ifndef sk_state
#define sk_state __sk_common.skc_state
#endif
#ifndef sk_net
#define sk_net __sk_common.skc_net
#endif
#ifndef sk_num
#define sk_num __sk_common.skc_num
#endif
#ifndef sk_dport
#define sk_dport __sk_common.skc_dport
#endif
#ifndef sk_daddr
#define sk_daddr __sk_common.skc_daddr
#endif
#ifndef sk_rcv_saddr
#define sk_rcv_saddr __sk_common.skc_rcv_saddr
#endif
#ifndef sk_v6_daddr
#define sk_v6_daddr __sk_common.skc_v6_daddr
#endif
#ifndef sk_v6_rcv_saddr
#define sk_v6_rcv_saddr __sk_common.skc_v6_rcv_saddr
#endif
#ifndef sk_bound_dev_if
#define sk_bound_dev_if __sk_common.skc_bound_dev_if
#endif
#ifndef sk_prot
#define sk_prot __sk_common.skc_prot
#endif
#ifndef sk_hash
#define sk_hash __sk_common.skc_hash
#endif
#ifndef sk_portpair
#define sk_portpair __sk_common.skc_portpair
#endif
#ifndef sk_addrpair
#define sk_addrpair __sk_common.skc_addrpair
#endif
#ifndef sk_cookie
#define sk_cookie __sk_common.skc_cookie
#endif
#ifndef sk_reuse
#define sk_reuse __sk_common.skc_reuse
#endif
#ifndef sk_reuseport
#define sk_reuseport __sk_common.skc_reuseport
#endif
#ifndef sk_ipv6only
#define sk_ipv6only __sk_common.skc_ipv6only
#endif
#ifndef TS_COMPAT
#define TS_COMPAT 0x0002
#endif

#ifndef KBUILD_MODNAME
#define KBUILD_MODNAME "bpflint"
#endif
#ifndef CONFIG_HZ
#define CONFIG_HZ 250
#endif
#ifndef HZ
#define HZ 250
#endif
#ifndef ETH_HLEN
#define ETH_HLEN 14
#endif
#ifndef CLONE_NEWNS
#define CLONE_NEWNS 0x00020000
#endif
#endif
