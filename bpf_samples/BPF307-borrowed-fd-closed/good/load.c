#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

struct program {
	struct bpf_program *bpf;
	int fd;
	int lent;
};

static void keep(struct program *program, int fd)
{
	program->fd = fd;
}

static void look(struct program *program, int fd)
{
	program->lent = fd;
}

void release(struct program *program)
{
	if (program->fd >= 0)
		close(program->fd);
}

/* a copy is one's own */
int load(struct program *program)
{
	int fd = fcntl(bpf_program__fd(program->bpf), F_DUPFD_CLOEXEC, 1);

	if (fd < 0)
		return -errno;
	keep(program, fd);
	look(program, bpf_program__fd(program->bpf));
	return 0;
}

/* one of two: what was opened is closed */
int count(struct bpf_map *map, const char *path, __u32 key)
{
	int own = bpf_obj_get(path);
	int fd = own >= 0 ? own : bpf_map__fd(map);
	__u64 value = 0;
	int err = bpf_map_lookup_elem(fd, &key, &value);

	if (own >= 0)
		close(own);
	return err;
}
