"""Sets limits for processes; the C structs have holes that bcc spells out as fields."""
from bcc import BPF

text = r"""
#include <uapi/linux/ptrace.h>

struct limit_key {
    u32 pid;
    u64 when;
};
struct limit {
    u64 bytes;
    u16 port;
    u32 packets;
};
BPF_HASH(limits, struct limit_key, struct limit);

int on_send(struct pt_regs *ctx) {
    struct limit_key key = {};
    struct limit *limit;

    key.pid = bpf_get_current_pid_tgid() >> 32;
    limit = limits.lookup(&key);
    return limit ? 1 : 0;
}
"""

b = BPF(text=text)
limits = b["limits"]


def allow(pid, when):
    key = limits.Key(pid, when)  # want BPF144 "bcc adds a field of padding before `when` of `limit_key`: argument 2 of `Key` goes there; name the fields"
    limits[key] = b["limits"].Leaf(1000, 80, 5)  # want BPF144 "before `packets` of `limit`: argument 3 of `Leaf`"


allow(1, 2)
