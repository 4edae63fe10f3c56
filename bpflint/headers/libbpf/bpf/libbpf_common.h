/* Interface of <bpf/libbpf_common.h>: the macros that its users write. */
#ifndef BPFLINT_BPF_LIBBPF_COMMON_H
#define BPFLINT_BPF_LIBBPF_COMMON_H
#define LIBBPF_API
#define LIBBPF_DEPRECATED(message)
#define LIBBPF_DEPRECATED_SINCE(major, minor, message)
/* An options structure says its size first; what is not named is zero. */
#define LIBBPF_OPTS(type, name, ...) struct type name = { .sz = sizeof(struct type), __VA_ARGS__ }
#define LIBBPF_OPTS_RESET(name, ...) (name = (__typeof__(name)){ .sz = sizeof(name), __VA_ARGS__ })
#define DECLARE_LIBBPF_OPTS LIBBPF_OPTS
#define bpf_object__for_each_program(pos, obj) \
	for ((pos) = bpf_object__next_program((obj), NULL); (pos) != NULL; (pos) = bpf_object__next_program((obj), (pos)))
#define bpf_object__for_each_map(pos, obj) \
	for ((pos) = bpf_object__next_map((obj), NULL); (pos) != NULL; (pos) = bpf_object__next_map((obj), (pos)))
#endif
