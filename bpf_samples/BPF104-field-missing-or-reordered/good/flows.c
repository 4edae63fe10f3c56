/* One key for two maps: the kernel takes as many bytes as the map's key has, and one variant of the union is that key. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/types.h>
#include <stdio.h>
#include <string.h>

struct ip4 {
    __u32 src[1], dst[1];
};

struct ip6 {
    __u32 src[4], dst[4];
};

struct flow_key {
    __u32 ifindex;
    __u16 sport;
    __u16 dport;
    union {
        struct ip4 v4;
        struct ip6 v6;
    } ip;
};

int main(void)
{
    struct bpf_object *object = bpf_object__open_file("flows.bpf.o", NULL);
    struct flow_key key;
    __u64 seen;
    int four, six;

    if (!object)
        return 1;
    if (bpf_object__load(object)) {
        bpf_object__close(object);
        return 1;
    }
    four = bpf_object__find_map_fd_by_name(object, "flows4");
    six = bpf_object__find_map_fd_by_name(object, "flows6");
    memset(&key, 0, sizeof(key));
    if (!bpf_map_lookup_elem(four, &key, &seen))
        printf("%llu\n", seen);
    if (!bpf_map_lookup_elem(six, &key, &seen))
        printf("%llu\n", seen);
    bpf_object__close(object);
    return 0;
}
