// Prints opens by their kind.
#include <stdio.h>
#include <bpf/libbpf.h>
#include "kinds.h"
#include "kinds.skel.h"

static int handle(void *ctx, void *data, size_t size)
{
	const struct opened *opened = data;

	if (opened->kind == 1)
		printf("%s\n", opened->path);
	return 0;
}

int main(void)
{
	struct kinds_bpf *skel = kinds_bpf__open_and_load();
	struct ring_buffer *ring;

	if (!skel)
		return 1;
	ring = ring_buffer__new(bpf_map__fd(skel->maps.events), handle, NULL, NULL);
	while (ring && ring_buffer__poll(ring, 100) >= 0)
		;
	ring_buffer__free(ring);
	kinds_bpf__destroy(skel);
	return 0;
}
