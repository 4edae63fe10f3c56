// Opens two objects; the counter of the one is looked for in the other, directly and by helpers of this file.
#include <stdio.h>
#include <bpf/libbpf.h>
#include "passes.skel.h"

static struct bpf_object *kept;

static int counter(struct bpf_object *object, const char *name)
{
	return bpf_object__find_map_fd_by_name(object, name);
}

int report(struct bpf_object *object)
{
	return bpf_object__find_map_fd_by_name(object, "dropped"); // want BPF705 "`passes.bpf.c` defines no map `dropped`"
}

int main(void)
{
	struct passes_bpf *skel = passes_bpf__open_and_load();
	struct bpf_object *drops;
	int fd;

	if (!skel)
		return 1;
	drops = bpf_object__open_file("drops.bpf.o", NULL);
	if (!drops) {
		passes_bpf__destroy(skel);
		return 1;
	}
	kept = skel->obj;
	fd = counter(drops, "dropped");
	fd += counter(drops, "passed"); // want BPF705 "`drops.bpf.c` defines no map `passed`; it has `dropped`"
	fd += bpf_object__find_map_fd_by_name(kept, "pased"); // want BPF705 "`passes.bpf.c` defines no map `pased`; did you mean `passed`?"
	printf("%d %d\n", fd, report(skel->obj));
	bpf_object__close(drops);
	passes_bpf__destroy(skel);
	return 0;
}
