#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct frame_hints {
    __u64 received_at;
    __u32 received_on;
    __u32 kind;
};

SEC("xdp")
int add_hints(struct xdp_md *ctx)
{
    struct frame_hints *hints;
    void *data;

    if (bpf_xdp_adjust_meta(ctx, -(int)sizeof(*hints)))
        return XDP_PASS;
    data = (void *)(long)ctx->data;
    hints = (void *)(long)ctx->data_meta;
    if ((void *)(hints + 1) > data)
        return XDP_PASS;
    hints->received_at = bpf_ktime_get_ns();
    hints->received_on = bpf_get_smp_processor_id();
    hints->kind = 1;
    return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
