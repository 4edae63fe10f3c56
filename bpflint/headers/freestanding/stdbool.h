/* ISO C <stdbool.h>. With vmlinux.h `bool` is already a typedef of the same type. */
#ifndef BPFLINT_STDBOOL_H
#define BPFLINT_STDBOOL_H
#ifndef __cplusplus
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
#define bool _Bool
#define true 1
#define false 0
#endif
#endif
#define __bool_true_false_are_defined 1
#endif
