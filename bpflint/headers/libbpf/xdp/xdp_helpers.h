/* The program side of libxdp: how a program says where in a dispatcher it wants to run. */
#ifndef BPFLINT_XDP_HELPERS_H
#define BPFLINT_XDP_HELPERS_H
#define XDP_METADATA_SECTION "xdp_metadata"
#define XDP_DEFAULT_RUN_PRIO 50
#define XDP_DEFAULT_CHAIN_CALL_ACTIONS (1 << XDP_PASS)
#define BPFLINT_XDP_NAME(f) _##f
#define XDP_RUN_CONFIG(f) BPFLINT_XDP_NAME(f) __attribute__((section(".xdp_run_config"), used))
#endif
