"""What is known of a packet in a body? Its context, the pointers into it, and the helpers that move it."""

from __future__ import annotations

from bpflint.api import Binary, Expr, Function, Name, Select, strip, walk
from bpflint_rules._maps import Maps

CONTEXTS = frozenset(("xdp_md", "__sk_buff", "sk_msg_md", "sk_reuseport_md", "bpf_sock_ops"))
_ENDS = frozenset(("data_end", "skb_data_end"))
DATA = frozenset(("data", "skb_data"))
META = frozenset(("data_meta",))
"""What lies before the packet, and is compared with its start."""


def is_start(expr: Expr, fields: frozenset[str] = DATA | META) -> bool:
    """Return whether an expression is `ctx->data` or `ctx->data_meta`, as `fields` has it."""
    inner = strip(expr)
    return isinstance(inner, Select) and inner.owner in CONTEXTS and inner.field in fields


def is_end(expr: Expr) -> bool:
    """Return whether an expression is `ctx->data_end`."""
    inner = strip(expr)
    return isinstance(inner, Select) and inner.owner in CONTEXTS and inner.field in _ENDS


def reads_packet_bounds(expr: Expr) -> bool:
    """Return whether an expression reads where a packet starts or ends."""
    return any(is_start(item) or is_end(item) for item in walk(expr))


def packet_pointers(function: Function, maps: Maps, fields: frozenset[str] = DATA | META) -> frozenset[int]:
    """Return the locals of a body whose every value is computed from one of these fields of the context."""
    found: set[int] = set()
    known = maps.origins(function)
    while True:
        more = {
            decl for decl, origin in known.items()
            if decl not in found and origin.values and all(_leads(value, found, fields) for value in origin.values)
        }  # fmt: skip
        if not more:
            return frozenset(found)
        found |= more


def _leads(value: Expr, known: set[int], fields: frozenset[str]) -> bool:
    inner = strip(value)
    match inner:
        case Name(decl=decl):
            return decl in known
        case Binary(op="+" | "-", left=left, right=right):
            return _leads(left, known, fields) or _leads(right, known, fields)
    return is_start(inner, fields)
