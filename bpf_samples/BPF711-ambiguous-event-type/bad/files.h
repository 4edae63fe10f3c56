#ifndef FILES_H
#define FILES_H
#include <linux/types.h>
struct opened {
	__u32 pid;
	char path[60];
};
struct closed {
	__u64 inode;
	char comm[56];
};
#endif
