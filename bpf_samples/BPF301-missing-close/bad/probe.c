#include <errno.h>
#include <bpf/libbpf.h>

#define LOAD(path) bpf_object__open_file(path, NULL)

static int on_event(void *ctx, void *data, size_t size)
{
	return 0;
}

int probe(void)
{
	struct bpf_object *obj = bpf_object__open("probe.bpf.o"); /* want BPF301 "`obj` from bpf_object__open() is never closed: call bpf_object__close on every path out of `probe`" */

	if (!obj)
		return -1;
	return bpf_object__load(obj);
}

int probe_by_macro(const char *path)
{
	struct bpf_object *obj;

	obj = LOAD(path); /* want BPF301 "is never closed: call bpf_object__close" */
	if (!obj)
		return -errno;
	return bpf_object__load(obj) ? -errno : 0;
}

int watch(int map_fd)
{
	struct ring_buffer *ring = ring_buffer__new(map_fd, on_event, NULL, NULL); /* want BPF301 "call ring_buffer__free" */

	if (!ring)
		return -1;
	while (ring_buffer__poll(ring, 100) >= 0)
		;
	return 0;
}
