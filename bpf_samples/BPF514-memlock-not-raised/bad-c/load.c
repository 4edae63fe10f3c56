#include <stdio.h>
#include <unistd.h>
#include <bpf/bpf.h>

int bpf_create_map(enum bpf_map_type type, int key_size, int value_size, int max_entries, __u32 flags);

int main(void)
{
	int map = bpf_create_map(BPF_MAP_TYPE_HASH, 4, 8, 1024, 0); /* want BPF514 "bpf_create_map() takes memory that kernels" */

	if (map < 0) {
		perror("bpf_create_map");
		return 1;
	}
	pause();
	close(map);
	return 0;
}
