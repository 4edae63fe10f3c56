// Prints the ports; the remote one is swapped here.
#include <arpa/inet.h>
#include <stdio.h>
#include <bpf/libbpf.h>

struct packed_ports { unsigned long long both, wire, apart; };

static int on_event(void *ctx, void *data, size_t size)
{
	const struct packed_ports *event = data;

	if (size < sizeof(*event))
		return 0;
	printf("%u %u\n", (unsigned int)(event->both & 0xffff), ntohs(event->wire & 0xffff));
	printf("%u\n", ntohs(event->apart & 0xffff));
	return 0;
}

int watch(int map_fd)
{
	struct ring_buffer *events = ring_buffer__new(map_fd, on_event, NULL, NULL);

	if (!events)
		return 1;
	ring_buffer__poll(events, 100);
	ring_buffer__free(events);
	return 0;
}
