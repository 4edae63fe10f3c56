"""BPF702: is a map asked for something that its type or flags never allow?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    Array,
    Claim,
    Constant,
    Context,
    Expr,
    Finding,
    LoadClaim,
    MapDef,
    RecordDecl,
    Related,
    Rule,
    RuleMeta,
    Severity,
    Type,
    Unit,
    facts,
    strip,
)  # fmt: skip
from bpflint_rules._claims import operate_claim, program_names
from bpflint_rules._maps import MapCall, map_fact, maps_of

_NOEXIST = 1  # BPF_NOEXIST, enum in include/uapi/linux/bpf.h
_REFUSAL = r"cannot pass map_type \d+ into func|write into map forbidden|only read from .* supported"
"""check_map_func_compatibility and check_map_access_type of kernel/bpf/verifier.c"""
_NO_LOCK = r"'?{}'?.*(Retrying without BTF|failed to create)"
"""map_check_btf of kernel/bpf/syscall.c refuses it; libbpf warns, and goes on with a map that has no lock."""
_RDONLY_PROG = 1 << 7  # BPF_F_RDONLY_PROG, ditto
_WRITES = frozenset(("update", "insert", "delete", "push"))


class ImpossibleMapOperation(Rule):
    """A map operation can never succeed, whatever the data: the map's type or flags rule it out.

    ## What it does
    Looks for deletes from arrays and queues, `BPF_NOEXIST` updates of arrays (all of their elements exist from the
    start), lookups in maps that programs cannot read, writes by a program to a map with `BPF_F_RDONLY_PROG`, and a
    `struct bpf_spin_lock` in the value of a map type that cannot hold one.

    ## Why is this bad
    The call fails with EINVAL or EEXIST every time, mostly unseen because its result is dropped: the entry that was to
    be reset keeps its old value. Some are refused when the map is created or the program is loaded.

    ## Example
    ```c
    struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); … } scratch SEC(".maps");
    bpf_map_update_elem(&scratch, &zero, &fresh, BPF_NOEXIST);     // always -EEXIST
    bpf_map_delete_elem(&scratch, &zero);                          // always -EINVAL
    ```

    ## Use instead
    Overwrite array elements with `BPF_ANY`, or take a hash map where entries come and go.

    ## Known limits
    Flags that are not constant are not judged, nor are maps whose type another file declares.
    """

    meta = RuleMeta(
        code="BPF702", name="impossible-map-operation", summary="a map operation that this map never allows",
        severity=Severity.ERROR,
        references=("https://github.com/inspektor-gadget/inspektor-gadget/pull/883",),
    )  # fmt: skip

    def check_map(self, map_: MapDef, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report a spin lock in a map that cannot hold one."""
        for item in (map_, map_.inner):
            known = map_fact(item) if item is not None and item.style not in ("global", "object") else None
            if item is None or known is None or known.spin_lock or item.value is None or item.external:
                continue
            if _holds_lock(item.value, 6):
                yield self.finding(
                    item.value_span or item.span,
                    f"the value of `{item.name or map_.name}` holds a `struct bpf_spin_lock`, which maps of type "
                    f"{item.kind} refuse",
                    subject=f"{item.name or map_.name}:lock",
                    claim=LoadClaim(unit.path, (), _NO_LOCK.format(item.name), maps_only=True),
                )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report calls that fail every time."""
        if unit.side != "bpf":
            return
        maps = maps_of(unit, ctx)
        for function in filter(maps.is_live, unit.functions):
            for call in maps.calls(function):
                if call.map is not None:
                    yield from self._call(call, call.map, unit)

    def _call(self, call: MapCall, map_: MapDef, unit: Unit) -> Iterator[Finding]:
        known = map_fact(map_)
        text = _fault(call, map_, known) if known is not None else ""
        if not text and call.op in _WRITES and map_.flags is not None and map_.flags & _RDONLY_PROG:
            text = f"`{map_.name}` has BPF_F_RDONLY_PROG: no program may write to it"
        if text:
            related = [Related(map_.span, "map", f"`{map_.name}` is defined here")]
            if call.via is not None:
                related.append(Related(call.via.span, "call", f"`{call.helper}` is called here"))
            yield self.finding(
                call.site.span, text, subject=f"{call.site.function.name}:{map_.name}:{call.op}", related=related,
                claim=_claim(call, map_, known, unit),
            )  # fmt: skip


def _claim(call: MapCall, map_: MapDef, known: facts.MapType | None, unit: Unit) -> Claim | None:
    """The operation itself where the call fails, the verifier's words where the program is refused."""
    if call.op == "lookup" or (call.op in _WRITES and map_.flags is not None and map_.flags & _RDONLY_PROG):
        return LoadClaim(unit.path, program_names(call.site.function, unit), _REFUSAL)
    if call.op == "delete":
        return operate_claim(map_, "delete", 0, "EINVAL")
    return operate_claim(map_, "update", _NOEXIST, "EEXIST") if known is not None and known.kind == "array" else None


def _fault(call: MapCall, map_: MapDef, known: facts.MapType) -> str:
    what = f"`{map_.name}` is of type {map_.kind}"
    match call.op:
        case "delete" if not known.delete:
            return f"{what}: its entries cannot be deleted, the call always fails with EINVAL"
        case "update" if not known.noexist and known.kind == "array" and _flags(call.flags) == _NOEXIST:
            return f"{what}: all its entries exist, so BPF_NOEXIST always fails with EEXIST"
        case "insert" if not known.noexist and known.kind == "array":
            return f"{what}: all its entries exist, so insert() (BPF_NOEXIST) always fails with EEXIST"
        case "lookup" if known.lookup in ("syscall-only", "none"):
            return f"{what}: programs cannot look entries up in it, the verifier refuses the call"
    return ""


def _flags(expr: Expr | None) -> int | None:
    inner = strip(expr) if expr is not None else None
    return inner.value if isinstance(inner, Constant) and isinstance(inner.value, int) else None


def _holds_lock(type_: Type, depth: int) -> bool:
    match type_:
        case RecordDecl(name="bpf_spin_lock") | RecordDecl(name="bpf_res_spin_lock"):
            return True
        case RecordDecl(members=members) if depth:
            return any(_holds_lock(member.type, depth - 1) for member in members)
        case Array(element=element) if depth:
            return _holds_lock(element, depth - 1)
    return False
