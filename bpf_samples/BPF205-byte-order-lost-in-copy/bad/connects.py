"""Prints the ports of closed connections."""
from bcc import BPF

text = r"""
#include <net/sock.h>

struct event_t {
    u64 port_local;
    u64 port_remote;
};
BPF_PERF_OUTPUT(events);

int kprobe__tcp_close(struct pt_regs *ctx, struct sock *sk) {
    u16 local = 0, remote = 0;
    struct event_t event = {};
    bpf_probe_read_kernel(&local, sizeof(local), &sk->__sk_common.skc_num);
    bpf_probe_read_kernel(&remote, sizeof(remote), &sk->__sk_common.skc_dport);
    event.port_local = local;
    event.port_remote = remote;  // want BPF205 "`port_remote` of `event_t` takes `remote` in network byte order"
    events.perf_submit(ctx, &event, sizeof(event));
    return 0;
}
"""

b = BPF(text=text)


def show(cpu, data, size):
    event = b["events"].event(data)
    print("%d -> %d" % (event.port_local, event.port_remote))


b["events"].open_perf_buffer(show)
while True:
    b.perf_buffer_poll()
