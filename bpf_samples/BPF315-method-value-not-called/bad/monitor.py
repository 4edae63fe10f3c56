"""Counts once and forgets the parentheses."""
from bcc import BPF


def count(text):
    b = BPF(text=text)  # want BPF301 "`b` from bcc.BPF() is never closed"
    total = len(b["counts"])
    b.cleanup  # want BPF315 "`b.cleanup` is not called: the parentheses are missing"
    return total
