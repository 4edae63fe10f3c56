/* Interface of <linux/bpf_perf_event.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_BPF_PERF_EVENT_H
#define BPFLINT_LINUX_BPF_PERF_EVENT_H
#include <asm/bpf_perf_event.h>
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
struct bpf_perf_event_data {
	bpf_user_pt_regs_t regs;
	__u64 sample_period;
	__u64 addr;
};
#endif
#endif
