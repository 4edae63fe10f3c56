// Reads a perf buffer.
#include <stdio.h>
#include <bpf/libbpf.h>

static void on_sample(void *ctx, int cpu, void *data, __u32 size)
{
	printf("%d: %u bytes\n", cpu, size);
}

static void on_lost(void *ctx, int cpu, __u64 count)
{
	printf("%d: %llu lost\n", cpu, count);
}

int loop(int fd)
{
	struct perf_buffer *buffer = perf_buffer__new(fd, 64, on_sample, on_lost, NULL, NULL);

	if (!buffer)
		return -1;
	while (perf_buffer__poll(buffer, 100) >= 0)
		;
	perf_buffer__free(buffer);
	return 0;
}
