// Sends two kinds that differ in everything; the reader looks at the size.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct first {
	__u32 pid;
};
struct second {
	__u64 inode, size;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} both SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_close")
int on_close(void *ctx)
{
	struct first first = { .pid = 1 };
	struct second second = { .inode = 2 };

	bpf_ringbuf_output(&both, &first, sizeof(first), 0);
	bpf_ringbuf_output(&both, &second, sizeof(second), 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
