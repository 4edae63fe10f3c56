// Tail calls by protocol, in a map of the old form whose key is one byte.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_map_def {
	unsigned int type, key_size, value_size, max_entries, map_flags;
};

struct bpf_map_def SEC("maps") tails = { // want BPF518 "legacy form"
	.type = BPF_MAP_TYPE_PROG_ARRAY,
	.key_size = sizeof(__u8), // want BPF704 "prog_array"
	.value_size = sizeof(__u32),
	.max_entries = 8,
};

char LICENSE[] SEC("license") = "GPL";
