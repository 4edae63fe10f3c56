// Strings by their helper; payloads, arrays of a fixed size and structs by theirs.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
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

char comm[16], payload[256], path[64], address[16];

SEC("kprobe/do_exit")
int BPF_KPROBE(on_exit, long code)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct irq_key key = {};
	__u64 one = 1;

	bpf_probe_read_kernel(comm, sizeof(comm), task->comm);
	bpf_probe_read_kernel(&key.name, sizeof(comm), task->comm);
	bpf_map_update_elem(&counts, &key, &one, BPF_ANY);
	return 0;
}

/* A buffer with a length of its own; a name that only goes into an event, and is read as a string there. */
SEC("kprobe/vfs_write")
int BPF_KPROBE(on_write, struct file *file, const char *data, size_t size)
{
	const unsigned char *name = BPF_CORE_READ(file, f_path.dentry, d_name.name);

	bpf_probe_read_user(payload, sizeof(payload), data);
	bpf_probe_read_kernel(path, sizeof(path), name);
	return 0;
}

SEC("ksyscall/connect")
int BPF_KSYSCALL(on_connect, int fd, void *to)
{
	bpf_probe_read_user(address, sizeof(address), to);
	return 0;
}

SEC("ksyscall/unlink")
int BPF_KSYSCALL(on_unlink, const char *name)
{
	bpf_probe_read_user_str(path, sizeof(path), name);
	bpf_probe_read_user(path, 2, name);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
