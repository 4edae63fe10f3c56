// Sets limits and prints them.
#include <stdio.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

struct limit { __u64 rate; __u64 burst; };

static void set_limit(int fd, __u32 key, struct limit *limit)
{
	bpf_map_update_elem(fd, &key, limit, BPF_ANY); // want BPF604 "the error of bpf_map_update_elem() is dropped"
}

static __u64 rate_of(int fd, __u32 key)
{
	struct limit limit;

	bpf_map_lookup_elem(fd, &key, &limit); // want BPF604 "`limit` is read, and after"
	return limit.rate;
}

int main(int argc, char **argv)
{
	struct limit limit = {.rate = 1000, .burst = 10};
	int fd = bpf_obj_get("/sys/fs/bpf/limits");

	if (fd < 0)
		return 1;
	set_limit(fd, argc, &limit);
	printf("%llu\n", rate_of(fd, argc));
	close(fd);
	return 0;
}
