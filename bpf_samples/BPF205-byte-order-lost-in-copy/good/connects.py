"""Ports and addresses that arrive as user space expects them: converted in BPF, or by the reader."""
from socket import AF_INET, inet_ntop, ntohs
from struct import pack

from bcc import BPF

text = r"""
#include <net/sock.h>

struct event_t {
    u32 saddr;
    u16 port_local;
    u16 port_remote;
    u16 port_raw;
    u16 port_typed;
    u16 port_turned;
};
BPF_PERF_OUTPUT(events);

int kprobe__tcp_close(struct pt_regs *ctx, struct sock *sk) {
    struct event_t event = {};
    event.saddr = sk->__sk_common.skc_rcv_saddr;
    event.port_local = sk->__sk_common.skc_num;
    event.port_remote = ntohs(sk->__sk_common.skc_dport);
    event.port_raw = sk->__sk_common.skc_dport;
    event.port_typed = sk->__sk_common.skc_dport;
    event.port_turned = sk->__sk_common.skc_dport;
    event.port_turned = ntohs(event.port_turned);
    events.perf_submit(ctx, &event, sizeof(event));
    return 0;
}
"""

b = BPF(text=text)
names = {}


def show(cpu, data, size):
    event = b["events"].event(data)
    print(inet_ntop(AF_INET, pack("I", event.saddr)), event.port_local, event.port_remote, ntohs(event.port_raw))
    names[event.port_typed] = "seen"
    print("%d" % event.port_turned)


b["events"].open_perf_buffer(show)
while True:
    b.perf_buffer_poll()
