#include <stdbool.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

/* a new one each turn, the last closed behind the loop */
int find(__u32 wanted)
{
	struct bpf_map_info info = {};
	__u32 size = sizeof(info), id = 0;
	int err, fd;

	while (true) {
		err = bpf_map_get_next_id(id, &id);
		if (err)
			return err;
		fd = bpf_map_get_fd_by_id(id);
		if (fd < 0)
			return fd;
		err = bpf_obj_get_info_by_fd(fd, &info, &size);
		if (err || info.id == wanted)
			break;
		close(fd);
	}
	close(fd);
	return err;
}

/* what is closed is marked */
int guarded(__u32 id, bool early)
{
	int err = 0, fd = bpf_map_get_fd_by_id(id);

	if (fd < 0)
		return fd;
	if (early) {
		close(fd);
		fd = -1;
	}
	if (fd >= 0)
		close(fd);
	return err;
}

/* NULL may be destroyed */
int cleaned(void)
{
	struct bpf_object *obj = bpf_object__open("probe.bpf.o");
	int err = -1;

	if (!obj)
		goto out;
	err = bpf_object__load(obj);
	if (err) {
		bpf_object__close(obj);
		obj = NULL;
	}
out:
	bpf_object__close(obj);
	return err;
}
