/* Interface of <linux/netdevice.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_NETDEVICE_H
#define BPFLINT_LINUX_NETDEVICE_H
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_link.h>
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
enum {
	IF_PORT_UNKNOWN = 0,
	IF_PORT_10BASE2 = 1,
	IF_PORT_10BASET = 2,
	IF_PORT_AUI = 3,
	IF_PORT_100BASET = 4,
	IF_PORT_100BASETX = 5,
	IF_PORT_100BASEFX = 6,
};
#endif
#define MAX_ADDR_LEN 32
#define INIT_NETDEV_GROUP 0
#define NET_NAME_UNKNOWN 0
#define NET_NAME_ENUM 1
#define NET_NAME_PREDICTABLE 2
#define NET_NAME_USER 3
#define NET_NAME_RENAMED 4
#define NET_ADDR_PERM 0
#define NET_ADDR_RANDOM 1
#define NET_ADDR_STOLEN 2
#define NET_ADDR_SET 3
#endif
