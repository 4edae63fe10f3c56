#pragma once

static inline __u64 called(struct pt_regs *regs)
{
	return BPF_CORE_READ(regs, orig_ax);
}
