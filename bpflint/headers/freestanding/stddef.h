/* ISO C <stddef.h> from the compiler's predefined types. */
#ifndef BPFLINT_STDDEF_H
#define BPFLINT_STDDEF_H
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;
#endif
#if !defined(__cplusplus) && !defined(__VMLINUX_H__)
typedef __WCHAR_TYPE__ wchar_t;
#endif
typedef struct {
	long long __a __attribute__((aligned(__alignof__(long long))));
	long double __b __attribute__((aligned(__alignof__(long double))));
} max_align_t;
#ifndef NULL
#define NULL ((void *)0)
#endif
#ifndef offsetof
#define offsetof(type, member) __builtin_offsetof(type, member)
#endif
#endif
