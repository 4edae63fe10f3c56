"""Counts once; hands the method on where that is meant."""
import atexit

from bcc import BPF


def count(text):
    b = BPF(text=text)
    atexit.register(b.cleanup)
    return len(b["counts"])


def now(text):
    b = BPF(text=text)
    total = len(b["counts"])
    b.cleanup()
    return total
