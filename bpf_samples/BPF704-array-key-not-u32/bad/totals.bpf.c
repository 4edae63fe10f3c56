// Totals by interface and by queue: three arrays that the kernel will not create as written.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct slot { __u16 queue; __u16 port; };

#define ARRAY_OF(name, key_type, value_type)         \
	struct {                                         \
		__uint(type, BPF_MAP_TYPE_ARRAY);            \
		__uint(max_entries, 64);                     \
		__type(key, key_type);                       \
		__type(value, value_type);                   \
	} name SEC(".maps")

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 64);
	__type(key, __u64); // want BPF704 "whose key has 4 bytes; 8 are declared"
	__type(value, __u64);
} packets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 64);
	__type(key, struct slot); // want BPF704 "must be a 32-bit integer; `struct slot`"
	__type(value, __u64);
} slots SEC(".maps");

ARRAY_OF(ports, __u16, __u64); // want BPF704 "2 are declared"

char LICENSE[] SEC("license") = "GPL";
