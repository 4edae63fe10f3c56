"""The same in bcc's dialect."""
from bcc import BPF

text = r"""
int on_call(struct pt_regs *ctx) {
    u64 port;
    bpf_probe_read_kernel(&port, sizeof(u16), (void *)PT_REGS_PARM1(ctx));  // want BPF151 "writes 2 of the 8 bytes of `port`"
    bpf_trace_printk("%d\\n", port);
    return 0;
}
"""

b = BPF(text=text)
b.attach_kprobe(event="tcp_connect", fn_name="on_call")
