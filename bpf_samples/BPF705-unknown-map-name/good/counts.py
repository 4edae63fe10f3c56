"""Names that exist, a name that is only known at run time, and a program this file does not hold."""
import sys

from bcc import BPF

text = r"""
BPF_HASH(counts, u32, u64);
BPF_PERF_OUTPUT(events);

int on_open(void *ctx) {
    u32 tid = bpf_get_current_pid_tgid();
    counts.atomic_increment(tid);
    return 0;
}
"""

b = BPF(text=text)
b.attach_kprobe(event="vfs_open", fn_name="on_open")
for key, value in b["counts"].items():
    print(key.value, value.value)
print(b[sys.argv[1]])
print(b.get_table("events"))
