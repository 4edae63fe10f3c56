"""Traces opens; the function was renamed in the C text only."""
from bcc import BPF

text = r"""
int on_open(void *ctx) {
    return 0;
}
"""

b = BPF(text=text)
b.attach_kprobe(event="vfs_open", fn_name="on_vfs_open")  # want BPF706 "defines no program `on_vfs_open`; did you mean `on_open`?"
b.trace_print()
