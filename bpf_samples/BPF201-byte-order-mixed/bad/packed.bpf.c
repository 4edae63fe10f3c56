// Both ports of a connection go into one word of the event, and only one of them is in host order.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

struct closing { __u64 ports; __u32 pid; __u32 mark; };

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} closings SEC(".maps");

SEC("kprobe/tcp_close")
int BPF_KPROBE(on_close, struct sock *sk)
{
	__u16 local = BPF_CORE_READ(sk, __sk_common.skc_num);
	__u16 remote = BPF_CORE_READ(sk, __sk_common.skc_dport);
	struct closing event = { .pid = bpf_get_current_pid_tgid() >> 32 };

	event.ports = remote + ((0ULL + local) << 32); // want BPF201 "`remote` is in network byte order"
	event.mark = (local << 16) | remote; // want BPF201 "`remote` is in network byte order"
	bpf_ringbuf_output(&closings, &event, sizeof(event), 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
