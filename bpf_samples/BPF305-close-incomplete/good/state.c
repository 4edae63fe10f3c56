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

/* What the process holds until it ends: destroying the links of one probe is not giving all of it up. */
struct profiler {
	struct bpf_link **links;
	int link_count;
	int filter_fd;
};

static struct profiler profiler;

static void destroy_links(struct bpf_link **links, int count)
{
	for (int i = 0; i < count; i++)
		bpf_link__destroy(links[i]);
}

void profiler_open(struct bpf_link **links, int count)
{
	profiler.links = links;
	profiler.link_count = count;
	profiler.filter_fd = bpf_obj_get("/sys/fs/bpf/filter");
}

void unload_sample_links(void)
{
	destroy_links(profiler.links, profiler.link_count);
	profiler.links = NULL;
}
