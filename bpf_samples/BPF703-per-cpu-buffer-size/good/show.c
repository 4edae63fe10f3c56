#include <stdio.h>
#include <stdlib.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

struct totals {
    __u64 packets;
    __u64 bytes;
};

int show(struct bpf_object *obj)
{
    int fd = bpf_object__find_map_fd_by_name(obj, "totals");
    int cpus = libbpf_num_possible_cpus();
    struct totals *t = calloc(cpus, sizeof(*t));
    __u64 packets = 0;
    __u32 zero = 0;

    if (!t || bpf_map_lookup_elem(fd, &zero, t)) {
        free(t);
        return -1;
    }
    for (int cpu = 0; cpu < cpus; cpu++)
        packets += t[cpu].packets;
    printf("%llu packets\n", packets);
    free(t);
    return 0;
}
