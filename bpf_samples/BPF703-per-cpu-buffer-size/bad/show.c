#include <stdio.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

struct totals {
    __u64 packets;
    __u64 bytes;
};

int show(struct bpf_object *obj)
{
    int fd = bpf_object__find_map_fd_by_name(obj, "totals");
    struct totals t;
    __u32 zero = 0;

    if (bpf_map_lookup_elem(fd, &zero, &t)) /* want BPF703 "the kernel copies 16 bytes for each possible CPU, and the buffer has 16" */
        return -1;
    printf("%llu packets\n", t.packets);
    return 0;
}
