"""Counts what is sent, by bcc, on old and new kernels."""

from time import sleep

from bcc import BPF

b = BPF(text="""
#include <uapi/linux/ptrace.h>

BPF_PERCPU_ARRAY(sends, u64, 1);

int on_send(struct pt_regs *ctx)
{
    sends.increment(0);
    return 0;
}

int on_page(void *ctx)
{
    sends.increment(0);
    return 0;
}
""")
if BPF.get_kprobe_functions(b"tcp_sendpage"):
    b.attach_kprobe(event="tcp_sendpage", fn_name="on_send")
else:
    b.attach_kprobe(event="tcp_sendmsg", fn_name="on_send")
b.attach_tracepoint(tp="sched:sched_switch", fn_name="on_page")
while True:
    sleep(1)
    print(b["sends"].sum(0))
