// A loader whose name ends like a program's: user space has more stack.
#include <stdio.h>
#include <bpf/libbpf.h>

int load(const char *dir)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/probe.o", dir);
	return bpf_object__open(path) ? 0 : -1;
}
