"""A member that the program has only where it is asked for, and that is read only then."""
import argparse
import ctypes as ct

from bcc import BPF

parser = argparse.ArgumentParser()
parser.add_argument("-s", "--stack", action="store_true")
args = parser.parse_args()

text = """
struct sent {
    char data[128];
    int len;
#ifdef NEED_STACK
    int stack;
#endif
};
BPF_PERF_OUTPUT(events);
BPF_STACK_TRACE(stacks, 1024);

int on_send(struct pt_regs *ctx, int fd, const void *buf, size_t len)
{
    struct sent sent = {};

    bpf_probe_read_user(&sent.data, sizeof(sent.data), buf);
    sent.len = len;
#ifdef NEED_STACK
    sent.stack = stacks.get_stackid(ctx, BPF_F_USER_STACK);
#endif
    events.perf_submit(ctx, &sent, sizeof(sent));
    return 0;
}
"""
if args.stack:
    text = "#define NEED_STACK\n" + text


class Sent(ct.Structure):
    _fields_ = [("data", ct.c_ubyte * 128), ("len", ct.c_int), ("stack", ct.c_int)]


b = BPF(text=text)
b.attach_uprobe(name="c", sym="send", fn_name="on_send")


def on_event(cpu, data, size):
    event = ct.cast(data, ct.POINTER(Sent)).contents
    print(bytes(event.data[:event.len]))
    if args.stack:
        for address in b["stacks"].walk(event.stack):
            print(address)


b["events"].open_perf_buffer(on_event, lost_cb=lambda count: print("lost", count))
while True:
    b.perf_buffer_poll()
