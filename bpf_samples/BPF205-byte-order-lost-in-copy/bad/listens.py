"""Prints the address that a listening socket is bound to, back to front."""
from socket import AF_INET, inet_ntop
from struct import pack

from bcc import BPF

text = r"""
#include <net/sock.h>

struct listen_t {
    u64 address;
    u64 port;
};
BPF_PERF_OUTPUT(listens);

int kprobe__inet_listen(struct pt_regs *ctx, struct socket *sock) {
    struct sock *sk = sock->sk;
    struct listen_t event = {};
    event.port = sk->__sk_common.skc_num;
    event.address = sk->__sk_common.skc_rcv_saddr;
    event.address = be32_to_cpu(event.address);
    listens.perf_submit(ctx, &event, sizeof(event));
    return 0;
}
"""

b = BPF(text=text)


def show(cpu, data, size):
    event = b["listens"].event(data)
    address = inet_ntop(AF_INET, pack("I", event.address))  # want BPF205 "`address` of `listen_t` was converted to host"
    print("%s:%d" % (address, event.port))


b["listens"].open_perf_buffer(show)
while True:
    b.perf_buffer_poll()
