// Prints what watch.bpf.c sends and counts.
#include <stdio.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "event.h"
#include "watch.skel.h"

static int handle(void *ctx, void *data, size_t size)
{
	struct event *event = data;

	if (size >= sizeof(*event))
		printf("%llu %u\n", event->when, event->pid);
	return 0;
}

int main(void)
{
	struct watch_bpf *skel = watch_bpf__open_and_load();
	struct ring_buffer *ring;
	struct total total;
	__u32 zero = 0;

	if (!skel)
		return 1;
	ring = ring_buffer__new(bpf_map__fd(skel->maps.events), handle, NULL, NULL);
	while (ring && ring_buffer__poll(ring, 100) >= 0)
		;
	if (!bpf_map_lookup_elem(bpf_map__fd(skel->maps.totals), &zero, &total))
		printf("%llu\n", total.bytes);
	ring_buffer__free(ring);
	watch_bpf__destroy(skel);
	return 0;
}
