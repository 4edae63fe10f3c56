#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u64);
} errors SEC(".maps");

SEC("kprobe/inet_csk_accept")
int BPF_KPROBE(on_accept, struct sock *sk, int flags, int *err, bool kern) // want BPF510 "`err` is argument 3, and `inet_csk_accept` of Linux 7.3.4 (arm64) takes 2"
{
	__u64 id = bpf_get_current_pid_tgid(), place = (__u64)err;

	bpf_map_update_elem(&errors, &id, &place, BPF_ANY);
	return 0;
}
