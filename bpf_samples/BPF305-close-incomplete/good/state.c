#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

struct probe_bpf;
struct probe_bpf *probe_bpf__open(void);
void probe_bpf__destroy(struct probe_bpf *skel);

struct state {
	struct probe_bpf *skel;
	struct ring_buffer *ring;
	int inner_fd;
	int map_fd;
};

static struct state state;

static int on_event(void *ctx, void *data, size_t size)
{
	return 0;
}

int state_open(struct bpf_map *map)
{
	state.skel = probe_bpf__open();
	if (!state.skel)
		return -1;
	state.map_fd = bpf_map__fd(map); /* borrowed */
	state.inner_fd = bpf_map_create(BPF_MAP_TYPE_HASH, "inner", 4, 4, 16, NULL);
	if (state.inner_fd < 0)
		return -1;
	state.ring = ring_buffer__new(state.map_fd, on_event, NULL, NULL);
	return state.ring ? 0 : -1;
}

static void close_fds(struct state *s)
{
	if (s->inner_fd >= 0)
		close(s->inner_fd);
	s->inner_fd = -1;
}

void state_close(void)
{
	ring_buffer__free(state.ring);
	probe_bpf__destroy(state.skel);
	close_fds(&state);
}
