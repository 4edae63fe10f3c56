/* Interface of <linux/netfilter/x_tables.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_NETFILTER_X_TABLES_H
#define BPFLINT_LINUX_NETFILTER_X_TABLES_H
#include <linux/const.h>
#include <linux/types.h>
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
struct xt_entry_match {
	union {
		struct {
			__u16 match_size;
			char name[29];
			__u8 revision;
		} user;
		struct {
			__u16 match_size;
			struct xt_match *match;
		} kernel;
		__u16 match_size;
	} u;
	unsigned char data[];
};
struct xt_entry_target {
	union {
		struct {
			__u16 target_size;
			char name[29];
			__u8 revision;
		} user;
		struct {
			__u16 target_size;
			struct xt_target *target;
		} kernel;
		__u16 target_size;
	} u;
	unsigned char data[0];
};
struct xt_standard_target {
	struct xt_entry_target target;
	int verdict;
};
struct xt_error_target {
	struct xt_entry_target target;
	char errorname[30];
};
struct xt_get_revision {
	char name[29];
	__u8 revision;
};
struct _xt_align {
	__u8 u8;
	__u16 u16;
	__u32 u32;
	__u64 u64;
};
struct xt_counters {
	__u64 pcnt;
	__u64 bcnt;
};
struct xt_counters_info {
	char name[32];
	unsigned int num_counters;
	struct xt_counters counters[];
};
#endif
#define XT_FUNCTION_MAXNAMELEN 30
#define XT_EXTENSION_MAXNAMELEN 29
#define XT_TABLE_MAXNAMELEN 32
#define XT_CONTINUE 0xFFFFFFFF
#define XT_RETURN (- NF_REPEAT - 1)
#define XT_ALIGN(s) __ALIGN_KERNEL((s), __alignof__(struct _xt_align))
#define XT_STANDARD_TARGET ""
#define XT_ERROR_TARGET "ERROR"
#define XT_INV_PROTO 0x40
#define XT_ENTRY_ITERATE(type, entries, size, fn, args, ...) XT_ENTRY_ITERATE_CONTINUE(type, entries, size, 0, fn, args)
#endif
