// Fills an event; each clearing or reading call covers 8 bytes only.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct event { u32 pid; char comm[16]; char path[64]; };

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} events SEC(".maps");

#define CLEAR(what) __builtin_memset((what), 0, sizeof(what))

static __always_inline void clear(char *path)
{
	__builtin_memset(path, 0, sizeof(path)); // want BPF150 "`sizeof(path)` is the size of a pointer"
}

static __always_inline void fill(char name[16], const void *from)
{
	bpf_probe_read_kernel(name, sizeof(name), from); // want BPF150 "`bpf_probe_read_kernel()` is given that pointer"
}

SEC("kprobe/vfs_open")
int on_open(void *ctx)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return 0;
	CLEAR(event); // want BPF150 "`sizeof(event)`"
	clear(event->path);
	fill(event->comm, ctx);
	event->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(&event->comm, sizeof(&event->comm)); // want BPF150 "`sizeof(&event->comm)`"
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
