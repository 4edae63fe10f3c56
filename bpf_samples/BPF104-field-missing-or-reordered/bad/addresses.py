"""Source and destination trade places; everything has the same size."""
import ctypes as ct

from bcc import BPF


class Flow(ct.Structure):
    _fields_ = [
        ("daddr", ct.c_uint32),  # want BPF104 "`daddr`, `saddr` of key of map `flows` trade places"
        ("saddr", ct.c_uint32),
    ]


b = BPF(src_file="addresses.c")
flows = b.get_table("flows", Flow, ct.c_uint64)
for flow, packets in flows.items():
    print(flow.saddr, flow.daddr, packets.value)
