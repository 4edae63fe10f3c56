// A string's length is not its buffer's: what follows the NUL comes along, or the page behind it is missing.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct irq_key {
	char name[32];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct irq_key);
	__type(value, __u64);
} counts SEC(".maps");

SEC("kprobe/handle_irq")
int BPF_KPROBE(on_irq, const char *name)
{
	struct irq_key key = {};
	__u64 *count, one = 1;

	bpf_probe_read_kernel(&key.name, sizeof(key.name), name); // want BPF612 "the bytes behind it make keys differ"
	count = bpf_map_lookup_elem(&counts, &key);
	if (count)
		*count += 1;
	else
		bpf_map_update_elem(&counts, &key, &one, BPF_NOEXIST);
	return 0;
}

char query[256];

SEC("uprobe//usr/sbin/mysqld:dispatch")
int BPF_UPROBE(on_query, const char *text)
{
	if (bpf_probe_read_user(query, sizeof(query), text)) // want BPF612 "fails where the string ends near"
		return 0;
	return query[0];
}

char LICENSE[] SEC("license") = "GPL";
