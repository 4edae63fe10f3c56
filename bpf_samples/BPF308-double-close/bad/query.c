#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

int query(__u32 id)
{
	struct bpf_map_info info = {};
	__u32 size = sizeof(info);
	int err, fd;

	fd = bpf_map_get_fd_by_id(id);
	if (fd < 0)
		return fd;
	err = bpf_obj_get_info_by_fd(fd, &info, &size);
	close(fd);
	if (err)
		goto out;
	return 0;
out:
	close(fd); /* want BPF308 "`fd` from bpf_map_get_fd_by_id() was closed at line 15 already" */
	return err;
}
