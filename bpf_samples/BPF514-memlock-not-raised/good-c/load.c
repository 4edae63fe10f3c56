#include <stdio.h>
#include <unistd.h>
#include <sys/resource.h>
#include <bpf/bpf.h>

int bpf_create_map(enum bpf_map_type type, int key_size, int value_size, int max_entries, __u32 flags);

int main(void)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	int map;

	if (setrlimit(RLIMIT_MEMLOCK, &all)) {
		perror("setrlimit");
		return 1;
	}
	map = bpf_create_map(BPF_MAP_TYPE_HASH, 4, 8, 1024, 0);
	if (map < 0) {
		perror("bpf_create_map");
		return 1;
	}
	pause();
	close(map);
	return 0;
}
