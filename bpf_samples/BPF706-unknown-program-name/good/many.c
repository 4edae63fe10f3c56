// Opens the object of this folder, and one that is named when the tool runs; the library starts both.
#include <stdio.h>
#include <bpf/libbpf.h>
#include "host.h"

static int stop(struct bpf_object *object)
{
	return bpf_object__find_program_by_name(object, "on_stop") != NULL;
}

int main(int argc, char **argv)
{
	struct bpf_object *known = bpf_object__open_file("exec.bpf.o", NULL);
	struct bpf_object *named = argc > 1 ? bpf_object__open_file(argv[1], NULL) : NULL;

	if (known && bpf_object__find_program_by_name(known, "on_execve"))
		printf("%d\n", start(known));
	if (named)
		printf("%d %d\n", start(named), stop(named));
	bpf_object__close(named);
	bpf_object__close(known);
	return 0;
}
