"""The same in bcc's dialect."""
from bcc import BPF

text = r"""
struct key_t {
    u64 address;
    u32 pid;  // want BPF111 "has 4 bytes of padding"
};
BPF_HASH(seen, struct key_t);

int on_call(struct pt_regs *ctx) {
    struct key_t key = {.pid = bpf_get_current_pid_tgid() >> 32, .address = PT_REGS_IP(ctx)};
    seen.increment(key);
    return 0;
}
"""

b = BPF(text=text)
b.attach_kprobe(event="vfs_read", fn_name="on_call")
