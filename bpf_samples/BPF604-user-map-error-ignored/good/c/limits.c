// Sets limits and prints them; a missing key is zero and says so.
#include <stdio.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

struct limit { __u64 rate; __u64 burst; };

static int set_limit(int fd, __u32 key, struct limit *limit)
{
	if (bpf_map_update_elem(fd, &key, limit, BPF_ANY))
		return -1;
	return bpf_map_update_elem(fd, &key, limit, BPF_EXIST);
}

static __u64 rate_of(int fd, __u32 key)
{
	struct limit limit;
	int err = bpf_map_lookup_elem(fd, &key, &limit);

	bpf_map_delete_elem(fd, &key);
	return err ? 0 : limit.rate;
}

int main(int argc, char **argv)
{
	struct limit limit = {.rate = 1000, .burst = 10};
	int fd = bpf_obj_get("/sys/fs/bpf/limits");

	if (fd < 0)
		return 1;
	if (!set_limit(fd, argc, &limit))
		printf("%llu\n", rate_of(fd, argc));
	close(fd);
	return 0;
}
