#include <stdbool.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "seen.skel.h"

int main(void)
{
	struct seen_bpf *skel = seen_bpf__open();
	int error;

	if (!skel)
		return 1;
	if (libbpf_probe_bpf_map_type(BPF_MAP_TYPE_USER_RINGBUF, NULL) != 1)
		bpf_map__set_autocreate(skel->maps.orders, false);
	error = seen_bpf__load(skel);
	seen_bpf__destroy(skel);
	return error != 0;
}
