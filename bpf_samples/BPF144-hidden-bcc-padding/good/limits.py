"""Sets limits for processes by the names of the fields, by the first alone, and for structs without a hole."""
from bcc import BPF

text = r"""
#include <uapi/linux/ptrace.h>

struct limit_key {
    u32 pid;
    u64 when;
};
struct pair {
    u32 pid;
    u32 uid;
    u64 when;
};
struct bits {
    u8 kind : 4;
    u64 when;
};
BPF_HASH(limits, struct limit_key, u64);
BPF_HASH(pairs, struct pair, struct bits);

int on_send(struct pt_regs *ctx) {
    struct limit_key key = {};
    struct pair pair = {};

    return limits.lookup(&key) || pairs.lookup(&pair) ? 1 : 0;
}
"""

b = BPF(text=text)
limits = b["limits"]
pairs = b.get_table("pairs")


def allow(pid, when, *rest):
    key = limits.Key(pid=pid, when=when)
    limits[key] = limits.Leaf(1)
    limits[limits.Key(pid)] = limits.Leaf(2)
    limits[limits.Key(*rest)] = limits.Leaf(3)
    pairs[pairs.Key(pid, 0, when)] = pairs.Leaf(1, 2)


allow(1, 2)
