/* Shared by both sides: padding is written out, or the alignment is. */
#ifndef EVENT_H
#define EVENT_H
#include <linux/types.h>
struct event {
	__u32 pid;
	__u64 when __attribute__((aligned(8)));
};
struct total {
	__u64 bytes;
	__u32 packets;
	__u32 pad;
};
#endif
