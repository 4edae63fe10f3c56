// Prints opens, and takes closes for them.
#include <stdio.h>
#include <bpf/libbpf.h>
#include "files.h"
#include "files.skel.h"

static int handle(void *ctx, void *data, size_t size)
{
	const struct opened *opened = data; // want BPF711 "`events` carries `opened` and `closed`, which begin differently: this reads both as `opened`"

	printf("%u %s\n", opened->pid, opened->path);
	return 0;
}

int main(void)
{
	struct files_bpf *skel = files_bpf__open_and_load();
	struct ring_buffer *ring;

	if (!skel)
		return 1;
	ring = ring_buffer__new(bpf_map__fd(skel->maps.events), handle, NULL, NULL);
	while (ring && ring_buffer__poll(ring, 100) >= 0)
		;
	ring_buffer__free(ring);
	files_bpf__destroy(skel);
	return 0;
}
