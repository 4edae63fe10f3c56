"""insert() passes BPF_NOEXIST, and an array has all its entries from the start."""
from bcc import BPF

text = r"""
BPF_ARRAY(slots, u64, 4);

int on_open(void *ctx) {
    int key = 1;
    u64 now = bpf_ktime_get_ns();
    slots.insert(&key, &now);  // want BPF702 "insert() (BPF_NOEXIST) always fails"
    return 0;
}
"""

b = BPF(text=text)
b.attach_kprobe(event="vfs_open", fn_name="on_open")
