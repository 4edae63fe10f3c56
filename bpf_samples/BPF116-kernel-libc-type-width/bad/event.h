/* dev_t is 32 bits in the kernel and 64 in libc. */
#ifndef EVENT_H
#define EVENT_H
struct event {
	__u32 pid;
	dev_t device; /* want BPF116 "`device`" */
	__u32 flags;
};
#endif
