// Loads drops.bpf.o and looks for its counter.
#include <stdio.h>
#include <bpf/libbpf.h>

int main(void)
{
	struct bpf_object *object = bpf_object__open_file("drops.bpf.o", NULL);
	struct bpf_map *map;

	if (!object)
		return 1;
	map = bpf_object__find_map_by_name(object, "packets"); // want BPF705 "`drops.bpf.c` defines no map `packets`; it has `dropped`"
	printf("%d\n", map ? bpf_map__fd(map) : -1);
	bpf_object__close(object);
	return 0;
}
