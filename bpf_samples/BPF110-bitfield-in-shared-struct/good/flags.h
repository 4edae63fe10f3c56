#ifndef FLAGS_H
#define FLAGS_H
#include <linux/types.h>
struct seen {
	__u32 pid;
	__u32 is_ipv6 : 1;
	__u32 direction : 2;
	__u32 length : 29;
};
#endif
