// Reads a perf buffer.
#include <stdio.h>
#include <bpf/libbpf.h>

static void on_sample(void *ctx, int cpu, void *data, __u32 size)
{
	printf("%d: %u bytes\n", cpu, size);
}

int loop(int fd)
{
	struct perf_buffer *buffer = perf_buffer__new(fd, 64, on_sample, NULL, NULL, NULL); // want BPF708 "no callback for lost samples"

	if (!buffer)
		return -1;
	while (perf_buffer__poll(buffer, 100) >= 0)
		;
	perf_buffer__free(buffer);
	return 0;
}
