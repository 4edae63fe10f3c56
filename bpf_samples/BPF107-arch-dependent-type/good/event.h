/* Fixed widths on both sides; a plain char that is only text or compared with letters. */
#ifndef EVENT_H
#define EVENT_H
struct event {
	__u32 pid;
	signed char state;
	__s64 result;
	unsigned long long start;
	char name[16];
	char kind;
};
#endif
