// Prints what stats.bpf.c counted.
#include <stdio.h>
#include <stdlib.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "stats.h"
#include "stats.skel.h"

static void show(struct stats_bpf *skel)
{
	int fd = bpf_map__fd(skel->maps.traffic);
	__u32 key = 0;
	struct traffic one;
	struct traffic four[4];

	if (!bpf_map_lookup_elem(fd, &key, &one)) // want BPF703 "this buffer has 16 bytes: one value at most, but the kernel writes 16 bytes for each possible CPU"
		printf("%llu\n", one.packets);
	if (!bpf_map_lookup_elem(fd, &key, four)) // want BPF703 "room for 4 CPUs"
		printf("%llu\n", four[0].packets);
}

static void show_drops(struct stats_bpf *skel)
{
	int cpus = libbpf_num_possible_cpus();
	__u32 key = 0, zero = 0;
	__u32 *drops = calloc(cpus, sizeof(*drops));

	if (drops && !bpf_map_lookup_elem(bpf_map__fd(skel->maps.drops), &key, drops)) // want BPF703 "an element of this buffer has 4 bytes, but the kernel writes 8 bytes"
		printf("%u\n", drops[1]);
	if (bpf_map__update_elem(skel->maps.drops, &key, sizeof(key), &zero, sizeof(zero), BPF_ANY)) // want BPF703 "the kernel reads 8 bytes"
		printf("not reset\n");
	free(drops);
}

int main(void)
{
	struct stats_bpf *skel = stats_bpf__open_and_load();

	if (!skel)
		return 1;
	show(skel);
	show_drops(skel);
	stats_bpf__destroy(skel);
	return 0;
}
