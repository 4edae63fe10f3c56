#pragma once

static inline __u64 called(struct pt_regs *regs)
{
	return BPF_CORE_READ((struct user_pt_regs *)regs, regs[8]);
}
