// A library of functions for whatever object its caller has opened.
#pragma once
#include <bpf/libbpf.h>

static inline int heap_of(struct bpf_object *object)
{
	return bpf_object__find_map_fd_by_name(object, "heap");
}
