/* Interface of <linux/types.h>: the kernel's fixed-width types and its byte-order typedef names. */
#ifndef BPFLINT_LINUX_TYPES_H
#define BPFLINT_LINUX_TYPES_H
#include <asm/types.h>
#include <linux/posix_types.h>
#ifndef __bitwise
#define __bitwise
#endif
#ifndef __bitwise__
#define __bitwise__
#endif
/* Not guarded: a vmlinux.h repeats these typedefs identically, which C11 allows, and partial ones lean on this file. */
#ifdef __SIZEOF_INT128__
typedef __signed__ __int128 __s128 __attribute__((aligned(16)));
typedef unsigned __int128 __u128 __attribute__((aligned(16)));
#endif
typedef __u16 __le16;
typedef __u16 __be16;
typedef __u32 __le32;
typedef __u32 __be32;
typedef __u64 __le64;
typedef __u64 __be64;
typedef __u16 __sum16;
typedef __u32 __wsum;
typedef unsigned int __poll_t;
#define __aligned_u64 __u64 __attribute__((aligned(8)))
#define __aligned_s64 __s64 __attribute__((aligned(8)))
#define __aligned_be64 __be64 __attribute__((aligned(8)))
#define __aligned_le64 __le64 __attribute__((aligned(8)))
#endif
