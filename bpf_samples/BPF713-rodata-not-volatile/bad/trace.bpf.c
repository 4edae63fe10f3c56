// Counts opens of one process; the loader says which.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

const int target_pid = 0; // want BPF713 "`target_pid` is `const` without `volatile`: clang folds its value into the code, so that what trace.c:13 sets"
const char target_comm[16] = {}; // want BPF713 "`target_comm`"
const volatile unsigned int limit = 10;
const int version = 2;

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} opens SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_openat")
int on_open(void *ctx)
{
	int pid = bpf_get_current_pid_tgid() >> 32;
	__u32 zero = 0;
	__u64 *count;

	if (target_pid && pid != target_pid)
		return 0;
	if (target_comm[0] == 'x')
		return 0;
	count = bpf_map_lookup_elem(&opens, &zero);
	if (count && *count < limit)
		*count += version;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
