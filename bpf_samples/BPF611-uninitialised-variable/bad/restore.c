// Walks a map from its first key; a header of the project's build is not there, so the compiler keeps quiet.
#include <bpf/bpf.h>
#include <stdio.h>
#include "generated-messages.pb-c.h"

int restore(int map_fd)
{
	void *previous;
	unsigned int key = 0, count;
	int err;

	while (!bpf_map_get_next_key(map_fd, previous, &key)) { // want BPF611 "`previous` is read here"
		printf("%u\n", key);
		previous = &key;
	}
	if (map_fd > 3)
		count = 1;
	if (err) // want BPF611 "`err` is read here"
		return (int)count;
	return 0;
}
