from bcc import BPF

b = BPF(text="int f(void *ctx) { return 0; }"
print(b  # want BPF001 "was never closed"
