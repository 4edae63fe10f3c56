#!/usr/bin/env python3
"""Counts calls by a name that one architecture has."""

from bcc import BPF

TEXT = """
BPF_ARRAY(seen, u64, 1);
int on_call(struct pt_regs *ctx) {
    seen.atomic_increment(0);
    return 0;
}
"""

b = BPF(text=TEXT)
b.attach_kprobe(event="__x64_sys_execve", fn_name="on_call")  # want BPF511 'get_syscall_fnname("execve")'
b.trace_print()
