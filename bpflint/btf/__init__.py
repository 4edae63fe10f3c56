"""What do the bytes of BTF say? Types from the wire format and back, and C headers from types."""

from bpflint.btf.errors import BtfError
from bpflint.btf.reader import Btf

__all__ = ["Btf", "BtfError"]
