#include <bpf/libbpf.h>
#include <linux/types.h>
#include <stdio.h>

struct member_info {
    __u32 offset;
    __u32 size;
};

struct type_info {
    __u32 id;
    __u32 size;
};

/* This struct mirrors kernel-side struct frame_hints */
struct frame_hints {
    __u32 kind;
    struct type_info *type;
    struct member_info received_at;
    struct member_info received_on;
};

static struct frame_hints known;

static __u64 received_at(const unsigned char *meta)
{
    return *(const __u64 *)(meta - known.type->size + known.received_at.offset);
}

int main(void)
{
    unsigned char frame[64] = {0};
    struct type_info type = {1, 16};
    struct bpf_object *object = bpf_object__open_file("hints.bpf.o", NULL);

    if (!object)
        return 1;
    known.type = &type;
    printf("%llu\n", received_at(frame + 32));
    bpf_object__close(object);
    return 0;
}
