/* No kernel is configured: only what the newest ones do not have any more is told. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} seen SEC(".maps");

static __always_inline int note(__u32 what)
{
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&seen, &what, &now, BPF_ANY);
	return 0;
}

SEC("fentry/tcp_sendpage")
int BPF_PROG(on_sendpage) // want BPF509 "`tcp_sendpage` does not exist in Linux 6.12, 6.18, 7.3 (arm64, x86_64)"
{
	return note(0);
}

SEC("fentry/filemap_add_folio")
int BPF_PROG(on_add)
{
	return note(1);
}
