// Prints what trace.bpf.c sends.
#include <stdio.h>
#include <bpf/libbpf.h>
#include "event.h"
#include "trace.skel.h"

static int handle(void *ctx, void *data, size_t size)
{
	const struct event *event = data;

	if (size < sizeof(*event))
		return 0;
	printf("%u %s\n", event->pid, event->comm);
	return 0;
}

int main(void)
{
	struct trace_bpf *skel = trace_bpf__open_and_load();
	struct ring_buffer *ring;

	if (!skel)
		return 1;
	ring = ring_buffer__new(bpf_map__fd(skel->maps.events), handle, NULL, NULL);
	while (ring && ring_buffer__poll(ring, 100) >= 0)
		;
	ring_buffer__free(ring);
	trace_bpf__destroy(skel);
	return 0;
}
