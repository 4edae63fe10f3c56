#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define NAME_LEN 16

struct bpf_map_def {
	unsigned int type;
	unsigned int key_size;
	unsigned int value_size;
	unsigned int max_entries;
	unsigned int map_flags;
};

struct event {
	__u32 pid;
	char comm[NAME_LEN];
};

/* bpflint: ignore[BPF518] an old loader reads it */
struct bpf_map_def SEC("maps") inodes = { // want BPF150 "`key_size` of map `inodes` is `sizeof ( 20 )`, the size of a number, 4 bytes; `20` is meant"
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(20),
	.value_size = sizeof(__u32),
	.max_entries = 1024,
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("kprobe/do_exit")
int BPF_KPROBE(on_exit)
{
	struct event event = {};

	event.pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(&event.comm, sizeof(NAME_LEN)); // want BPF150 "`sizeof(NAME_LEN)` is the size of a number, 4 bytes; `bpf_get_current_comm()` is given it"
	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
