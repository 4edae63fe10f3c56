/* Shared by both sides. */
#ifndef EVENT_H
#define EVENT_H
struct event {
	__u32 pid;
	long result; /* want BPF107 "is `long`: 8 bytes in BPF, 4 in user space on arm and i386" */
	char state;
};
#endif
