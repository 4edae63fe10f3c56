// Looks for a map among all that the kernel has, by what the kernel keeps of its name; pins have the whole name.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

struct own {
	char name[64];
};

int find(const struct own *own)
{
	struct bpf_map_info info = {};
	__u32 id = 0, size = sizeof(info);

	if (!strcmp(own->name, "connection_stats"))
		return bpf_obj_get("/sys/fs/bpf/connection_stats");
	while (!bpf_map_get_next_id(id, &id)) {
		int fd = bpf_map_get_fd_by_id(id);

		if (fd < 0)
			continue;
		if (!bpf_map_get_info_by_fd(fd, &info, &size) && !strncmp(info.name, "connection_stats", sizeof(info.name) - 1))
			return fd;
		if (!strcmp(info.name, "connection_stat"))
			return fd;
		close(fd);
	}
	return -1;
}

int main(void)
{
	struct own own = {};

	if (find(&own) >= 0)
		return 0;
	return system("bpftool map dump pinned /sys/fs/bpf/connection_stats; bpftool map dump name short_name");
}
