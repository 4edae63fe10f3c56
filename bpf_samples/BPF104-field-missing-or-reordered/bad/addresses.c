#include <uapi/linux/ptrace.h>

struct flow_key {
    u32 saddr;
    u32 daddr;
};
BPF_HASH(flows, struct flow_key, u64);

int on_packet(struct pt_regs *ctx) {
    struct flow_key key = {.saddr = PT_REGS_PARM1(ctx), .daddr = PT_REGS_PARM2(ctx)};
    u64 zero = 0;
    flows.lookup_or_try_init(&key, &zero);
    return 0;
}
