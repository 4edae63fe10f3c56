#include <stdlib.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

struct probe_bpf;
struct probe_bpf *probe_bpf__open(void);
void probe_bpf__destroy(struct probe_bpf *skel);

static struct {
	struct probe_bpf *skel;
	struct ring_buffer *ring;
} unnamed;

struct state {
	struct probe_bpf *skel;
	struct ring_buffer *ring;
	int inner_fd;
};

static struct state state;

static int on_event(void *ctx, void *data, size_t size)
{
	return 0;
}

int state_open(int events)
{
	state.skel = probe_bpf__open();
	if (!state.skel)
		return -1;
	state.inner_fd = bpf_map_create(BPF_MAP_TYPE_HASH, "inner", 4, 4, 16, NULL);
	if (state.inner_fd < 0)
		return -1;
	state.ring = ring_buffer__new(events, on_event, NULL, NULL);
	return state.ring ? 0 : -1;
}

void state_close(void) /* want BPF305 "`state_close` closes `ring`, `skel` and leaves `inner_fd` open" */
{
	ring_buffer__free(state.ring);
	state.ring = NULL;
	probe_bpf__destroy(state.skel);
	state.skel = NULL;
}

/* The link comes from the caller; with the memory goes the last way to what was opened here. */
struct feed {
	struct bpf_link *link;
	int filter_fd;
};

struct feed *feed_open(struct bpf_link *link)
{
	struct feed *feed = calloc(1, sizeof(*feed));

	if (!feed)
		return NULL;
	feed->link = link;
	feed->filter_fd = bpf_obj_get("/sys/fs/bpf/filter");
	return feed;
}

void feed_destroy(struct feed *feed) /* want BPF305 "`feed_destroy` closes `link` and leaves `filter_fd` open" */
{
	bpf_link__destroy(feed->link);
	free(feed);
}
