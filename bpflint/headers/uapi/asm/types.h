/* Interface of <asm/types.h>: __u8 to __u64 are the same on every machine of the kernel's own ABI. */
#ifndef BPFLINT_ASM_TYPES_H
#define BPFLINT_ASM_TYPES_H
#include <asm/bitsperlong.h>
typedef __signed__ char __s8;
typedef unsigned char __u8;
typedef __signed__ short __s16;
typedef unsigned short __u16;
typedef __signed__ int __s32;
typedef unsigned int __u32;
__extension__ typedef __signed__ long long __s64;
__extension__ typedef unsigned long long __u64;
#endif
