/* <linux/err.h>: the error-pointer tests, as the kernel defines their range (the last page). */
#ifndef BPFLINT_LINUX_ERR_H
#define BPFLINT_LINUX_ERR_H
#include <linux/types.h>
#include <asm/errno.h>
#define MAX_ERRNO 4095
#define IS_ERR_VALUE(x) ((unsigned long)(x) >= (unsigned long)-MAX_ERRNO)
static inline __attribute__((unused)) void *ERR_PTR(long error) { return (void *)error; }
static inline __attribute__((unused)) long PTR_ERR(const void *ptr) { return (long)ptr; }
static inline __attribute__((unused)) _Bool IS_ERR(const void *ptr) { return IS_ERR_VALUE(ptr); }
static inline __attribute__((unused)) _Bool IS_ERR_OR_NULL(const void *ptr) { return !ptr || IS_ERR_VALUE(ptr); }
static inline __attribute__((unused)) int PTR_ERR_OR_ZERO(const void *ptr) { return IS_ERR(ptr) ? (int)PTR_ERR(ptr) : 0; }
#endif
