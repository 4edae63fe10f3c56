"""One program stands here; two are named when the tool runs, and their maps are not known here."""
import sys
from pathlib import Path

from bcc import BPF

text = r"""
BPF_HASH(counts, u32, u64);

int on_open(void *ctx) {
    u32 tid = bpf_get_current_pid_tgid();
    counts.atomic_increment(tid);
    return 0;
}
"""

own = BPF(text=text)
own.attach_kprobe(event="vfs_open", fn_name="on_open")
print(own["counts"])
given = BPF(src_file=sys.argv[1])
print(given["sessions"])
other = BPF(text=Path(sys.argv[2]).read_text())
print(other["flows"])
