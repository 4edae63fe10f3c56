// The same from C.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

struct tokens { struct bpf_spin_lock lock; __u32 pad; __u64 level; __u64 since; };

int level(struct bpf_object *obj, __u32 key, __u64 *level)
{
	struct tokens t;
	int fd = bpf_object__find_map_fd_by_name(obj, "buckets");

	if (bpf_map_lookup_elem_flags(fd, &key, &t, BPF_F_LOCK))
		return -1;
	*level = t.level;
	return bpf_map_update_elem(fd, &key, &t, BPF_EXIST | BPF_F_LOCK);
}
