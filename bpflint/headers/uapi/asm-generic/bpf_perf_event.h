/* Interface of <asm-generic/bpf_perf_event.h>. */
#include <asm/bpf_perf_event.h>
