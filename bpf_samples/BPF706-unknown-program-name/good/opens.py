"""Traces opens by a function of the text, and by one that is written into the text first."""
from bcc import BPF

text = r"""
int on_open(void *ctx) {
    return 0;
}
static int helper(void *ctx) { return 0; }
"""
more = """
int NAME(void *ctx) {
    return 0;
}
"""

b = BPF(text=text)
b.attach_kprobe(event="vfs_open", fn_name="on_open")
other = BPF(text=more.replace("NAME", "on_close"))
other.attach_kprobe(event="filp_close", fn_name="on_close")
b.trace_print()
