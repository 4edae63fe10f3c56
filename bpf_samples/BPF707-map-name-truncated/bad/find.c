// Looks for a map among all that the kernel has.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>

int find(void)
{
	struct bpf_map_info info = {};
	__u32 id = 0, size = sizeof(info);

	while (!bpf_map_get_next_id(id, &id)) {
		int fd = bpf_map_get_fd_by_id(id);

		if (fd < 0)
			continue;
		if (!bpf_map_get_info_by_fd(fd, &info, &size) && !strcmp(info.name, "connection_stats")) // want BPF707 "the kernel keeps 15 characters of a name: `connection_stats` has 16"
			return fd;
		close(fd);
	}
	return -1;
}

int main(void)
{
	return find() < 0 ? system("bpftool -j map dump name connection_stats") : 0; // want BPF707 "`connection_stats` has 16"
}
