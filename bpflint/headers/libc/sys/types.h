/* The C library's <sys/types.h>. */
#ifndef BPFLINT_SYS_TYPES_H
#define BPFLINT_SYS_TYPES_H
#include <bits_types.h>
#include <endian.h>
#endif
