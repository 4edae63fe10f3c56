/* libbpf 1.x raises the limit by itself where the kernel needs it. */
#include <stdio.h>
#include <unistd.h>
#include <bpf/bpf.h>

int main(void)
{
	int map = bpf_map_create(BPF_MAP_TYPE_HASH, "seen", 4, 8, 1024, NULL);

	if (map < 0) {
		perror("bpf_map_create");
		return 1;
	}
	pause();
	close(map);
	return 0;
}
