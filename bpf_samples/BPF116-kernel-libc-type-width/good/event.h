/* Names that mean one width everywhere, and fixed widths for the others. */
#ifndef EVENT_H
#define EVENT_H
struct event {
	__u32 pid;
	uid_t owner;
	pid_t parent;
	__u32 device;
	__u64 inode;
};
#endif
