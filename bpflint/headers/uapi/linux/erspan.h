/* Interface of <linux/erspan.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_ERSPAN_H
#define BPFLINT_LINUX_ERSPAN_H
#include <linux/types.h>
#include <asm/byteorder.h>
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
struct erspan_md2 {
	__be32 timestamp;
	__be16 sgt;
	__u8 hwid_upper : 2;
	__u8 ft : 5;
	__u8 p : 1;
	__u8 o : 1;
	__u8 gra : 2;
	__u8 dir : 1;
	__u8 hwid : 4;
};
#else
struct erspan_md2 {
	__be32 timestamp;
	__be16 sgt;
	__u8 p : 1;
	__u8 ft : 5;
	__u8 hwid_upper : 2;
	__u8 hwid : 4;
	__u8 dir : 1;
	__u8 gra : 2;
	__u8 o : 1;
};
#endif
struct erspan_metadata {
	int version;
	union {
		__be32 index;
		struct erspan_md2 md2;
	} u;
};
#endif
#endif
