// A library of functions for whatever object its caller has opened.
#pragma once
#include <bpf/libbpf.h>

static inline int start(struct bpf_object *object)
{
	struct bpf_program *program = bpf_object__find_program_by_name(object, "on_start");

	return program ? bpf_program__fd(program) : -1;
}
