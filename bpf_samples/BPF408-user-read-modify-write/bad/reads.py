"""Prints how often each process reads."""
from bcc import BPF

TEXT = """
BPF_HASH(counts, u32, u64);
BPF_HASH(names, u32, u64);

int on_read(struct pt_regs *ctx)
{
    u32 process = bpf_get_current_pid_tgid() >> 32;
    u64 one = 1;
    u64 *count = counts.lookup(&process);

    if (count)
        __sync_fetch_and_add(count, 1);
    else
        counts.insert(&process, &one);
    return 0;
}
"""

b = BPF(text=TEXT)
counts = b["counts"]
for process, count in counts.items():
    print(process.value, count.value)
counts.clear()  # want BPF408 "`counts` is cleared after it was read"


def report():
    """Prints the table of the module, and begins anew."""
    for process, count in counts.items():
        print(process.value, count.value)
    counts.clear()  # want BPF408 "`counts` is cleared after it was read"
