/* A library that has libbpf behave as 1.0 does: the limit is left to a probe of the kernel. */
#include <errno.h>
#include <bpf/libbpf.h>

static struct bpf_object *loaded;

int engine_open(const char *path)
{
	int err;

	libbpf_set_strict_mode(LIBBPF_STRICT_ALL); /* want BPF514 "leaves RLIMIT_MEMLOCK to libbpf's probe" */
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
