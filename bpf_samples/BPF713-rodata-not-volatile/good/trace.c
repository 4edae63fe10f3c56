// Loads trace.bpf.c for one process.
#include <stdlib.h>
#include <string.h>
#include <bpf/libbpf.h>
#include "trace.skel.h"

int main(int argc, char **argv)
{
	struct trace_bpf *skel = argc < 3 ? NULL : trace_bpf__open();

	if (!skel)
		return 1;
	skel->rodata->target_pid = atoi(argv[1]);
	strncpy((char *)skel->rodata->target_comm, argv[2], sizeof(skel->rodata->target_comm) - 1);
	skel->rodata_limits->limit = skel->rodata->version + 100;
	if (!trace_bpf__load(skel))
		trace_bpf__attach(skel);
	trace_bpf__destroy(skel);
	return 0;
}
