#include <stdio.h>
#include <sys/types.h>
#include <bpf/libbpf.h>
#include "event.h"

static int handle(void *ctx, void *data, size_t size)
{
	struct event *event = data;

	if (size < sizeof(*event))
		return 0;
	if (event->state < 0) /* want BPF107 "plain `char`" */
		printf("%ld\n", event->result);
	return 0;
}

int main(void)
{
	struct bpf_object *object = bpf_object__open_file("watch.bpf.o", NULL);
	struct ring_buffer *ring = NULL;

	if (!object)
		return 1;
	if (!bpf_object__load(object))
		ring = ring_buffer__new(bpf_object__find_map_fd_by_name(object, "events"), handle, NULL, NULL);
	while (ring && ring_buffer__poll(ring, 100) >= 0)
		;
	ring_buffer__free(ring);
	bpf_object__close(object);
	return 0;
}
