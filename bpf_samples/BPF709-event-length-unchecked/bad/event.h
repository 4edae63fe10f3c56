#ifndef EVENT_H
#define EVENT_H
#include <linux/types.h>
struct event {
	__u64 when;
	__u32 pid;
	char comm[16];
};
struct lost {
	__u32 count;
};
#endif
