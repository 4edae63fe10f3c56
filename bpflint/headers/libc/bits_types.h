/* The C library's types, by machine, as the 64-bit and 32-bit GNU ABIs define them (32-bit: without _TIME_BITS=64). */
#ifndef BPFLINT_LIBC_TYPES_H
#define BPFLINT_LIBC_TYPES_H
#include <stddef.h>
#include <stdint.h>
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
#if __SIZEOF_POINTER__ == 8
typedef unsigned long dev_t;
typedef unsigned long ino_t;
typedef long off_t;
typedef long loff_t;
typedef long time_t;
typedef long suseconds_t;
typedef long clock_t;
typedef long ssize_t;
typedef long blkcnt_t;
typedef unsigned long fsblkcnt_t;
typedef unsigned long fsfilcnt_t;
#if defined(__aarch64__) || defined(__riscv) || defined(__loongarch__)
typedef int blksize_t;
#else
typedef long blksize_t;
#endif
#else
typedef unsigned long long dev_t;
#if defined(_FILE_OFFSET_BITS) && _FILE_OFFSET_BITS == 64
typedef unsigned long long ino_t;
typedef long long off_t;
typedef long long blkcnt_t;
typedef unsigned long long fsblkcnt_t;
typedef unsigned long long fsfilcnt_t;
#else
typedef unsigned long ino_t;
typedef long off_t;
typedef long blkcnt_t;
typedef unsigned long fsblkcnt_t;
typedef unsigned long fsfilcnt_t;
#endif
typedef long long loff_t;
#if (defined(_TIME_BITS) && _TIME_BITS == 64) || (defined(__riscv) && __riscv_xlen == 32)
typedef long long time_t;
typedef long long suseconds_t;
#else
typedef long time_t;
typedef long suseconds_t;
#endif
typedef long clock_t;
typedef int ssize_t;
typedef long blksize_t;
#endif
#if (defined(__aarch64__) || defined(__riscv) || defined(__loongarch__)) && __SIZEOF_POINTER__ == 8
typedef unsigned int nlink_t;
#elif __SIZEOF_POINTER__ == 8
typedef unsigned long nlink_t;
#else
typedef unsigned int nlink_t;
#endif
typedef unsigned int mode_t;
typedef unsigned int uid_t;
typedef unsigned int gid_t;
typedef unsigned int id_t;
typedef int pid_t;
typedef int key_t;
typedef int clockid_t;
typedef void *timer_t;
typedef struct { int __val[2]; } fsid_t;
typedef unsigned char u_char;
typedef unsigned short u_short;
typedef unsigned int u_int;
typedef unsigned long u_long;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;
typedef char *caddr_t;
/* 128 bytes in the C library; the kernel's own is 8 (16 on mips). */
typedef struct { unsigned long __val[1024 / (8 * sizeof(unsigned long))]; } sigset_t;
#ifndef BPFLINT_HAVE_TIMEVAL
#define BPFLINT_HAVE_TIMEVAL
struct timeval { time_t tv_sec; suseconds_t tv_usec; };
#endif
#ifndef BPFLINT_HAVE_TIMESPEC
#define BPFLINT_HAVE_TIMESPEC
struct timespec { time_t tv_sec; long tv_nsec; };
#endif
#endif
#ifndef __bpf__
typedef unsigned long pthread_t;
#endif
typedef long long off64_t;
typedef unsigned long long ino64_t;
typedef unsigned int useconds_t;
typedef unsigned char u_int8_t;
typedef unsigned short u_int16_t;
typedef unsigned int u_int32_t;
typedef uint64_t u_int64_t;
typedef uint64_t u_quad_t;
typedef int64_t quad_t;
#endif
