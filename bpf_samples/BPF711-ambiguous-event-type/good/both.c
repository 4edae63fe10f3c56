// Tells two kinds of event apart by their size.
#include <stdio.h>
#include <bpf/libbpf.h>
#include "both.skel.h"

struct first {
	__u32 pid;
};
struct second {
	__u64 inode, size;
};

static int handle(void *ctx, void *data, size_t size)
{
	if (size == sizeof(struct first))
		printf("%u\n", ((struct first *)data)->pid);
	else
		printf("%llu\n", ((struct second *)data)->inode);
	return 0;
}

int main(void)
{
	struct both_bpf *skel = both_bpf__open_and_load();
	struct ring_buffer *ring;

	if (!skel)
		return 1;
	ring = ring_buffer__new(bpf_map__fd(skel->maps.both), handle, NULL, NULL);
	while (ring && ring_buffer__poll(ring, 100) >= 0)
		;
	ring_buffer__free(ring);
	both_bpf__destroy(skel);
	return 0;
}
