"""Cleaned up, kept by the caller, a context manager, and a script's own object."""
from bcc import BPF

TEXT = """
BPF_HASH(counts, u32);

int kprobe__sync(void *ctx) {
    u32 pid = bpf_get_current_pid_tgid() >> 32;
    counts.increment(pid);
    return 0;
}
"""


def count_once():
    b = BPF(text=TEXT)
    total = len(b["counts"])
    b.cleanup()
    return total


def load():
    b = BPF(text=TEXT)
    return b


def count_with():
    with BPF(text=TEXT) as b:
        return len(b["counts"])


class Counter:
    def __init__(self):
        b = BPF(text=TEXT)
        self.b = b


b = BPF(text=TEXT)
print(len(b["counts"]))
