// Prints what stats.bpf.c counted: a value for every possible CPU, 8 bytes apart.
#include <stdio.h>
#include <stdlib.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "stats.h"
#include "stats.skel.h"

#define MAX_CPUS 128

struct padded {
	__u32 value;
} __attribute__((aligned(8)));

static void show(struct stats_bpf *skel)
{
	int fd = bpf_map__fd(skel->maps.traffic), cpus = libbpf_num_possible_cpus();
	struct traffic own[cpus], most[MAX_CPUS];
	struct traffic *heap = calloc(cpus, sizeof(*heap));
	__u32 key = 0;
	__u64 limit = 0;

	if (!bpf_map_lookup_elem(fd, &key, own))
		printf("%llu\n", own[0].packets);
	if (cpus <= MAX_CPUS && !bpf_map_lookup_elem(fd, &key, most))
		printf("%llu\n", most[0].packets);
	if (heap && !bpf_map_lookup_elem(fd, &key, heap))
		printf("%llu\n", heap[0].packets);
	if (heap && !bpf_map_lookup_elem(fd, &key, &heap[0]))
		printf("%llu\n", heap[0].packets);
	if (!bpf_map_lookup_elem(bpf_map__fd(skel->maps.limits), &key, &limit))
		printf("%llu\n", limit);
	free(heap);
}

/* Bytes, of which each CPU's value takes as many as the stride says. */
static __u64 total(int fd, int cpus)
{
	size_t stride = (sizeof(struct traffic) + 7) & ~7U;
	unsigned char *bytes = calloc(cpus, stride);
	__u32 key = 0;
	__u64 sum = 0;

	if (bytes && !bpf_map_lookup_elem(fd, &key, bytes))
		for (int cpu = 0; cpu < cpus; cpu++)
			sum += ((struct traffic *)(bytes + cpu * stride))->packets;
	free(bytes);
	return sum;
}

static void show_all(struct stats_bpf *skel)
{
	int fd = bpf_map__fd(skel->maps.traffic), cpus = libbpf_num_possible_cpus();
	struct traffic *rows = calloc(4 * cpus, sizeof(*rows));

	for (__u32 key = 0; rows && key < 4; key++)
		if (!bpf_map_lookup_elem(fd, &key, &rows[key * cpus]))
			printf("%llu\n", rows[key * cpus].packets);
	free(rows);
}

static void show_drops(struct stats_bpf *skel)
{
	int cpus = libbpf_num_possible_cpus();
	struct padded drops[cpus];
	__u32 key = 0, zero = 0;

	if (!bpf_map_lookup_elem(bpf_map__fd(skel->maps.drops), &key, drops))
		printf("%u\n", drops[cpus - 1].value);
	bpf_map_delete_elem(bpf_map__fd(skel->maps.traffic), &key);
	if (bpf_map_update_elem(bpf_map__fd(skel->maps.drops), &key, &zero, 16 /* BPF_F_ALL_CPUS */))
		printf("not reset\n");
}

int main(void)
{
	struct stats_bpf *skel = stats_bpf__open_and_load();

	if (!skel)
		return 1;
	show(skel);
	show_all(skel);
	show_drops(skel);
	printf("%llu\n", total(bpf_map__fd(skel->maps.traffic), libbpf_num_possible_cpus()));
	stats_bpf__destroy(skel);
	return 0;
}
