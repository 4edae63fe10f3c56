// Prints connections.
#include <stdio.h>
#include <bpf/libbpf.h>
#include "flags.h"
#include "flags.skel.h"

static int handle(void *ctx, void *data, size_t size)
{
	const struct seen *seen = data;

	if (size >= sizeof(*seen))
		printf("%u %u\n", seen->pid, seen->direction);
	return 0;
}

int main(void)
{
	struct flags_bpf *skel = flags_bpf__open_and_load();
	struct ring_buffer *ring;

	if (!skel)
		return 1;
	ring = ring_buffer__new(bpf_map__fd(skel->maps.events), handle, NULL, NULL);
	while (ring && ring_buffer__poll(ring, 100) >= 0)
		;
	ring_buffer__free(ring);
	flags_bpf__destroy(skel);
	return 0;
}
