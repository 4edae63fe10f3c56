/* Casts that fit: whole runs of fields, arrays, wide variables that are cleared first, other views of one size. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct record {
	__u32 id;
	__u32 mark;
	__u8 address[16];
	__s64 when;
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
	__u32 zero = 0, words[4];
	__u64 word = 0, half, both;
	struct record *record = bpf_map_lookup_elem(&records, &zero);

	if (!record)
		return 0;
	*(__u64 *)&record->id = 1; // both words at once
	*(__u64 *)&record->address = 2;
	*(__u64 *)&record->address[8] = 3;
	*(__u64 *)&record->when = bpf_ktime_get_ns();
	*(__u64 *)&words[2] = 4;
	*(__u64 *)words = 5;
	bpf_probe_read_kernel(&word, sizeof(__u32), ctx);
	half = 0;
	*(__u32 *)&half = 6;
	*(__u32 *)&both = 7;
	*((__u32 *)&both + 1) = 8;
	bpf_probe_read_kernel(&record->mark, sizeof(record->mark), ctx);
	return word + half + both + words[0];
}
