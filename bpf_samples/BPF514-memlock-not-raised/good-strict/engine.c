/* The limit is raised whatever libbpf finds out. */
#include <errno.h>
#include <sys/resource.h>
#include <bpf/libbpf.h>

static struct bpf_object *loaded;

int engine_open(const char *path)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	int err;

	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	if (setrlimit(RLIMIT_MEMLOCK, &all))
		return -errno;
	loaded = bpf_object__open_file(path, NULL);
	if (!loaded)
		return -errno;
	err = bpf_object__load(loaded);
	if (err) {
		bpf_object__close(loaded);
		loaded = NULL;
	}
	return err;
}
