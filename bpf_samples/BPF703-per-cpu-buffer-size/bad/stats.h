#ifndef STATS_H
#define STATS_H
#include <linux/types.h>
struct traffic {
	__u64 packets;
	__u64 bytes;
};
#endif
