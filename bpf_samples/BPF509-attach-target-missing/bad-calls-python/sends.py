"""Counts what is sent, by bcc."""

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
b.attach_kprobe(event="tcp_sendpage", fn_name="on_send")  # want BPF509 "`tcp_sendpage` is not in the BTF of Linux 7.3"
b.attach_tracepoint(tp="writeback:writeback_dirty_page", fn_name="on_page")  # want BPF509 "tracepoint `writeback/writeback_dirty_page` does not exist"
while True:
    sleep(1)
    print(b["sends"].sum(0))
