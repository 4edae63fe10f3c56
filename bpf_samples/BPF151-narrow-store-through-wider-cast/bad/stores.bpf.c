/* Stores that are wider or narrower than what they are stored in. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct record {
	__u32 id;
	__u32 mark;
	__u8 kind;
	__u16 port;
	__u32 last;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct record);
} records SEC(".maps");

char LICENSE[] SEC("license") = "GPL";

SEC("kprobe/vfs_open")
int stores(struct pt_regs *ctx)
{
	__u32 zero = 0, narrow, other;
	__u64 word, half;
	struct record *record = bpf_map_lookup_elem(&records, &zero);

	if (!record)
		return 0;
	*(__u64 *)&record->last = bpf_ktime_get_ns(); // want BPF151 "writes 8 bytes where `record->last` has 4"
	*(__u64 *)&record->port = 1; // want BPF151 "writes 8 bytes where `record->port` has 2"
	*(__u32 *)&record->port = 1; // want BPF151 "writes 4 bytes where `record->port` has 2"
	*(__u64 *)&narrow = 1; // want BPF151 "writes 8 bytes where `narrow` has 4"
	bpf_probe_read_kernel(&other, sizeof(__u64), ctx); // want BPF151 "`bpf_probe_read_kernel()` writes 8 bytes where `other` has 4"
	bpf_probe_read_kernel(&word, sizeof(__u32), ctx); // want BPF151 "`bpf_probe_read_kernel()` writes 4 of the 8 bytes of `word`"
	*(__u32 *)&half = 3; // want BPF151 "writes 4 of the 8 bytes of `half`"
	return word + half + narrow + other;
}
