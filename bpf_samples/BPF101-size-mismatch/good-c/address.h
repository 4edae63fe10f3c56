#ifndef ADDRESS_H
#define ADDRESS_H
#include <linux/types.h>
struct v4 {
	__u32 address;
};
struct v6 {
	__u32 address[4];
};
union address {
	struct v4 v4;
	struct v6 v6;
};
#endif
