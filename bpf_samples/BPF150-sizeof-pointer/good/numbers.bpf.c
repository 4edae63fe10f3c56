#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define NAME_LEN 16
#define KEY "name"

enum kind { FIRST = 40, SECOND };

struct bpf_map_def {
	unsigned int type;
	unsigned int key_size;
	unsigned int value_size;
	unsigned int max_entries;
	unsigned int map_flags;
};

struct event {
	__u32 pid;
	enum kind kind;
	char comm[NAME_LEN];
};

/* bpflint: ignore[BPF518] an old loader reads it */
struct bpf_map_def SEC("maps") inodes = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(__u32) + 16,
	.value_size = sizeof(__u32[4]),
	.max_entries = 1024,
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

/* A string, a type by one of its values, and the size of an int that is one. */
SEC("kprobe/do_exit")
int BPF_KPROBE(on_exit, struct task_struct *task)
{
	struct event event = {};

	event.pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(&event.comm, sizeof(event.comm));
	__builtin_memcpy(event.comm, KEY, sizeof(KEY));
	bpf_probe_read_kernel(&event.kind, sizeof(FIRST), task);
	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
