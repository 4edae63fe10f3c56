/* Interface of <linux/sched/types.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_SCHED_TYPES_H
#define BPFLINT_LINUX_SCHED_TYPES_H
#include <linux/types.h>
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
struct sched_param {
	int sched_priority;
};
struct sched_attr {
	__u32 size;
	__u32 sched_policy;
	__u64 sched_flags;
	__s32 sched_nice;
	__u32 sched_priority;
	__u64 sched_runtime;
	__u64 sched_deadline;
	__u64 sched_period;
	__u32 sched_util_min;
	__u32 sched_util_max;
};
#endif
#define SCHED_ATTR_SIZE_VER0 48
#define SCHED_ATTR_SIZE_VER1 56
#endif
