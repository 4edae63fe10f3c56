#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

struct state {
	struct bpf_link *link;
};

int state_start(struct state *s, struct bpf_program *prog)
{
	s->link = bpf_program__attach(prog);
	if (!s->link)
		return -1;
	return bpf_link__pin(s->link, "/sys/fs/bpf/state");
}

void state_stop(struct state *s)
{
	unlink("/sys/fs/bpf/state");
	bpf_link__destroy(s->link);
}
