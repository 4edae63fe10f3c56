"""The same order; a renamed field, one that is named as reserved, and a nested struct that is written flat."""
import ctypes as ct

from bcc import BPF


class Flow(ct.Structure):
    _fields_ = [
        ("source", ct.c_uint32),
        ("daddr", ct.c_uint32),
        ("reserved", ct.c_uint32),
        ("sport", ct.c_uint16),
        ("dport", ct.c_uint16),
    ]


b = BPF(src_file="addresses.c")
flows = b.get_table("flows", Flow, ct.c_uint64)
for flow, packets in flows.items():
    print(flow.source, flow.daddr, packets.value)
