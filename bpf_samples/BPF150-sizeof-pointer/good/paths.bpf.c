// Sizes of objects, and pointers that are themselves what is read.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct event { u32 pid; char comm[16]; char path[64]; };

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} events SEC(".maps");

static __always_inline void clear(char *path, u32 size)
{
	__builtin_memset(path, 0, size);
}

SEC("kprobe/vfs_open")
int on_open(void *ctx)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	const char *name;
	char buffer[32];
	u64 word, *words = &word;

	if (!event)
		return 0;
	__builtin_memset(event, 0, sizeof(*event));
	__builtin_memset(buffer, 0, sizeof(buffer));
	bpf_probe_read_kernel(&name, sizeof(name), ctx); // the pointer itself is read
	bpf_probe_read_kernel(words, sizeof(words), ctx); // eight bytes either way
	bpf_probe_read_kernel_str(event->path, sizeof(event->path), name);
	clear(event->path + 32, sizeof(event->path) - 32);
	bpf_get_current_comm(&event->comm, sizeof(event->comm));
	event->pid = word;
	bpf_probe_read_kernel(&word, sizeof(name), name); // the size is that of where it goes
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
