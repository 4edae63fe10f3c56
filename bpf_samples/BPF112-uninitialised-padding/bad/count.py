"""The same in bcc's dialect."""
from bcc import BPF

text = r"""
struct key_t {
    u64 address;
    u32 pid;
};
BPF_HASH(seen, struct key_t);
BPF_HISTOGRAM(sizes, struct key_t);

int on_call(struct pt_regs *ctx) {
    struct key_t key, slot;
    key.pid = bpf_get_current_pid_tgid() >> 32;
    key.address = PT_REGS_IP(ctx);
    seen.increment(key);  // want BPF112 "bytes 12..15 (tail after `pid`) of its 16 bytes are never written"
    slot.pid = key.pid;
    u64 *found = seen.lookup(&slot);  // want BPF112 "bytes 0..7 (`address`), bytes 12..15 (tail after `pid`)"
    return found != 0;
}
"""

b = BPF(text=text)
b.attach_kprobe(event="vfs_read", fn_name="on_call")
