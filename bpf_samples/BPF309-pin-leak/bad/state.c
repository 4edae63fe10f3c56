#include <bpf/bpf.h>
#include <bpf/libbpf.h>

struct state {
	struct bpf_link *link;
	struct bpf_object *obj;
};

int state_start(struct state *s, struct bpf_program *prog)
{
	s->obj = bpf_object__open_file("state.bpf.o", NULL);
	if (!s->obj)
		return -1;
	s->link = bpf_program__attach(prog);
	if (!s->link)
		return -1;
	if (bpf_object__pin_maps(s->obj, "/sys/fs/bpf/state")) /* want BPF309 "`state.obj` is pinned by bpf_object__pin_maps()" */
		return -1;
	return bpf_link__pin(s->link, "/sys/fs/bpf/state/link"); /* want BPF309 "`state.link` is pinned by bpf_link__pin(), and `state_stop` closes it" */
}

void state_stop(struct state *s)
{
	bpf_link__destroy(s->link);
	bpf_object__close(s->obj);
}
