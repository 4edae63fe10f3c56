// The entries of threads that are gone are swept from here.
#include <linux/types.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "latency.skel.h"

int sweep(struct latency_bpf *skel, __u32 *gone, int count)
{
	int fd = bpf_map__fd(skel->maps.swept);

	for (int i = 0; i < count; i++) {
		if (bpf_map_delete_elem(fd, &gone[i]))
			return -1;
	}
	return 0;
}
