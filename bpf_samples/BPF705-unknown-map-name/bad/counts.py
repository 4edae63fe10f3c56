"""Prints call counts; the map was renamed in the C text only."""
from bcc import BPF

text = r"""
BPF_HASH(counts, u32, u64);

int on_open(void *ctx) {
    u32 tid = bpf_get_current_pid_tgid();
    counts.atomic_increment(tid);
    return 0;
}
"""

b = BPF(text=text)
b.attach_kprobe(event="vfs_open", fn_name="on_open")
for key, value in b["count"].items():  # want BPF705 "defines no map `count`; did you mean `counts`?"
    print(key.value, value.value)
