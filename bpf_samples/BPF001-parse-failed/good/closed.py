"""Python 2 print is a syntax error; this is not."""
from bcc import BPF

b = BPF(text="int f(void *ctx) { return 0; }")
print(b)
