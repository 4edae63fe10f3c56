/* Interface of <linux/stddef.h>. */
#ifndef BPFLINT_LINUX_STDDEF_H
#define BPFLINT_LINUX_STDDEF_H
#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif
#ifndef offsetof
#define offsetof(type, member) __builtin_offsetof(type, member)
#endif
#ifndef NULL
#define NULL ((void *)0)
#endif
#ifndef __struct_group
#define __struct_group(tag, name, attributes, ...) \
	union { struct { __VA_ARGS__ } attributes; struct tag { __VA_ARGS__ } attributes name; }
#endif
#ifndef __DECLARE_FLEX_ARRAY
#define __DECLARE_FLEX_ARRAY(type, name) struct { struct { } __empty_##name; type name[]; }
#endif
#ifndef __counted_by
#define __counted_by(count)
#endif
#endif
