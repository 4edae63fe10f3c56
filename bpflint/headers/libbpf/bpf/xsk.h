/* <bpf/xsk.h> of libbpf before 1.0: its names went to libxdp. */
#include <xdp/xsk.h>
