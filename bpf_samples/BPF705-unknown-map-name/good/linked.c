// The object is linked from two sources (bpftool gen object): the map stands in the other one.
#include <stdio.h>
#include <bpf/libbpf.h>

int main(void)
{
	struct bpf_object *object = bpf_object__open_file("entry.bpf.o", NULL);

	if (!object)
		return 1;
	printf("%d\n", bpf_object__find_map_fd_by_name(object, "sessions"));
	printf("%d\n", bpf_object__find_map_fd_by_name(object, "entries"));
	bpf_object__close(object);
	return 0;
}
