"""Loads a source that is not in this folder: nothing can be said of its maps."""
from bcc import BPF

b = BPF(src_file="elsewhere.c")
print(b["sessions"])
