#include <errno.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

struct program {
	struct bpf_program *bpf;
	int fd;
};

static void keep(struct program *program, int fd)
{
	program->fd = fd;
}

void release(struct program *program)
{
	if (program->fd >= 0)
		close(program->fd);
}

int load(struct program *program)
{
	keep(program, bpf_program__fd(program->bpf)); /* want BPF307 "bpf_program__fd() only lends its descriptor, but keep() puts it into `program.fd`, which is closed" */
	return 0;
}

int count(struct bpf_map *map, __u32 key)
{
	int fd = bpf_map__fd(map);
	__u64 value = 0;
	int err = bpf_map_lookup_elem(fd, &key, &value);

	close(fd); /* want BPF307 "`fd` is the descriptor that bpf_map__fd() only lends: its owner closes it" */
	return err;
}

void drop(struct bpf_link *link)
{
	close(bpf_link__fd(link)); /* want BPF307 "bpf_link__fd() only lends" */
}

static void finish(int fd)
{
	close(fd);
}

void through(struct bpf_map *map)
{
	finish(bpf_map__fd(map)); /* want BPF307 "bpf_map__fd() only lends its descriptor, but finish() closes it" */
}
