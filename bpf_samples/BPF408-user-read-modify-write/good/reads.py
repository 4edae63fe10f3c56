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
names = b["names"]
counts.clear()
for process, count in counts.items_lookup_and_delete_batch():
    print(process.value, count.value)
for process, name in names.items():
    print(process.value, name.value)
names.clear()


def drain(counts):
    """Whatever table this is, it need not be the module's."""
    for process, count in counts.items():
        print(process.value, count.value)
    counts.clear()


def finish():
    """Another function may have read it long before."""
    counts.clear()
