"""What may check mode ask a kernel about a finding? The claims that several rules state alike."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bpflint.api import (
    CreateClaim,
    Function,
    Layouts,
    MapDef,
    OperateClaim,
    OrderClaim,
    PaddingClaim,
    RaceClaim,
    Reach,
    Role,
    Unit,
    byte_order,
)  # fmt: skip
from bpflint_rules._flow import programs_reaching
from bpflint_rules._maps import map_fact

UNREAD_STACK = r"invalid (indirect )?(read from|access to) stack|invalid read from stack"
"""The verifier's words for memory that nobody wrote (check_stack_range_initialized, check_stack_read)."""
_ROLES: Mapping[str, Role] = {"submit": "event", "event": "event", "key": "key"}
_STORES = re.compile(r"update|output|submit|push|insert|increment|perf_submit")


def program_names(function: Function, unit: Unit) -> tuple[str, ...]:
    """Return the programs that come by a function, itself first."""
    found = [program.name for program in programs_reaching(unit).get(function.name, ())]
    return tuple(sorted(found, key=lambda name: name != function.name))


def padding_claim(reach: Reach, bits: int, unit: Unit, *, always: bool) -> PaddingClaim:
    """Return the claim that these bits of what reaches a helper were not written."""
    offsets = tuple(at for at in range(reach.object.size // 8) if bits >> 8 * at & 0xFF)
    kind = reach.object.kind
    prefill: tuple[str, ...] = ()
    if kind != "local":
        prefill = tuple(item.name for item in unit.maps if item.kind in ("ringbuf", "array", "percpu_array")
                        and not item.external and item.style != "global")  # fmt: skip
    return PaddingClaim(
        unit.path, program_names(reach.function, unit), reach.map, _ROLES.get(reach.role, "value"), offsets, prefill,
        always, _STORES.search(reach.reader.callee) is not None, UNREAD_STACK,
    )  # fmt: skip


def order_claim(*values: byte_order.Value) -> OrderClaim | None:
    """Return the claim that a number of the values' width reads otherwise in the other order; None without a width."""
    widths = [value.width for value in values if value.width in (16, 32, 64)]
    if not widths:
        return None
    numbers = [value.constant for value in values if value.constant and 0 < value.constant < 1 << widths[0]]
    return OrderClaim(widths[0] // 8, numbers[0] if numbers else 0)


def race_claim(map_: MapDef | None, path: str, layouts: Layouts) -> RaceClaim | None:
    """Return the claim that additions to a field of a map's value, or to a global, are lost; None for odd widths.

    A word stands for what has no known place.
    """
    found = layouts.inside(map_.value if map_ is not None else None, path)
    if found is None:
        return RaceClaim(8, 0, 8)
    offset, width = found[0], layouts.size(found[1]) or 64
    if width not in (8, 16, 32, 64) or offset % width:
        return None
    size = map_.value_size if map_ is not None else None
    return RaceClaim(width // 8, offset // 8, max(size or 0, (offset + width) // 8))


def create_claim(map_: MapDef, control_key: int) -> CreateClaim | None:
    """Return the claim that a map's definition is refused; None where its sizes are not known."""
    known = map_fact(map_)
    if known is None or not map_.key_size or map_.value_size is None or not map_.max_entries or map_.flags is None:
        return None
    return CreateClaim(map_.kind, map_.key_size, map_.value_size, map_.max_entries, map_.flags, control_key)


def operate_claim(map_: MapDef, operation: str, how: int, error: str) -> OperateClaim | None:
    """Return the claim that an operation on a map always fails; None where its sizes are not known."""
    if map_fact(map_) is None or not map_.key_size or not map_.value_size or not map_.max_entries or map_.flags is None:
        return None
    return OperateClaim(
        map_.kind, map_.key_size, map_.value_size, map_.max_entries, map_.flags, operation, how, error
    )  # fmt: skip
