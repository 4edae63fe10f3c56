/* Shared by both sides. */
#ifndef EVENT_H
#define EVENT_H
#include <linux/types.h>
struct event {
	__u32 pid;
	__u64 when; /* want BPF108 on=i386 "`when` of event of `events` is at byte 8 in BPF, at 4 on the user side: 64-bit integers align to 4 bytes on i386" */
};
struct total { /* want BPF108 on=i386 "value of map `totals` has 16 bytes in BPF, 12 on the user side" */
	__u64 bytes;
	__u32 packets;
};
#endif
