// The skeleton is one object; another is chosen when the tool runs, and its maps are not known here.
#include <stdio.h>
#include <bpf/libbpf.h>
#include "passes.skel.h"

int main(int argc, char **argv)
{
	struct passes_bpf *skel = passes_bpf__open_and_load();
	struct bpf_object *chosen;
	char path[256];

	if (!skel)
		return 1;
	snprintf(path, sizeof(path), "%s/%s.bpf.o", "/usr/lib/app", argc > 1 ? argv[1] : "default");
	chosen = bpf_object__open_file(path, NULL);
	if (!chosen) {
		passes_bpf__destroy(skel);
		return 1;
	}
	printf("%d\n", bpf_object__find_map_fd_by_name(chosen, "percpu_output"));
	printf("%d\n", bpf_object__find_map_fd_by_name(argc > 2 ? skel->obj : chosen, "ring_output"));
	printf("%d\n", bpf_object__find_map_fd_by_name(skel->obj, "passed"));
	bpf_object__close(chosen);
	passes_bpf__destroy(skel);
	return 0;
}
