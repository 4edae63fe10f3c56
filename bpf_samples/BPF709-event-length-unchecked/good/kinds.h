#ifndef KINDS_H
#define KINDS_H
#include <linux/types.h>
struct head {
	__u32 kind;
};
struct opened {
	__u32 kind;
	char path[60];
};
#endif
