"""Each call loads the program once more; bcc keeps it until the interpreter exits."""
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
    b = BPF(text=TEXT)  # want BPF301 "`b` from bcc.BPF() is never closed: call cleanup()"
    total = 0
    for _, value in b["counts"].items():
        total += value.value
    return total
