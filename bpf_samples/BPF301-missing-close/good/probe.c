#include <stdlib.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

struct agent {
	struct bpf_object *obj;
};

void keep(struct bpf_object *obj);

/* closed on every path, one of them by goto */
int probe(void)
{
	struct bpf_object *obj = bpf_object__open("probe.bpf.o");
	int err;

	if (!obj)
		return -1;
	err = bpf_object__load(obj);
	if (err)
		goto out;
	err = bpf_object__pin_maps(obj, NULL);
out:
	bpf_object__close(obj);
	return err;
}

/* handed over: returned, stored in a struct, given to a function */
struct bpf_object *open_it(void)
{
	struct bpf_object *obj = bpf_object__open("probe.bpf.o");

	if (!obj)
		return NULL;
	bpf_object__load(obj);
	return obj;
}

int start(struct agent *agent)
{
	struct bpf_object *obj = bpf_object__open("probe.bpf.o");

	if (libbpf_get_error(obj))
		return -1;
	agent->obj = obj;
	return bpf_object__load(obj);
}

int start_global(void)
{
	struct bpf_object *obj = bpf_object__open("probe.bpf.o");

	keep(obj);
	return 0;
}

/* the error is asked for through a variable */
int through_variable(void)
{
	struct bpf_object *obj = bpf_object__open("probe.bpf.o");
	long err = libbpf_get_error(obj);

	if (err)
		return (int)err;
	bpf_object__close(obj);
	return 0;
}

/* the process ends */
void usage(void)
{
	struct bpf_object *obj = bpf_object__open("probe.bpf.o");

	bpf_object__load(obj);
	exit(1);
}

/* the programs stay attached as long as the process runs */
int attach_all(struct bpf_object *obj, const char *names[], int count)
{
	for (int i = 0; i < count; i++) {
		struct bpf_program *prog = bpf_object__find_program_by_name(obj, names[i]);
		int fd = bpf_raw_tracepoint_open(names[i], bpf_program__fd(prog));

		if (fd < 0)
			return fd;
	}
	return 0;
}
