"""BPF712: is the thread id taken for the process id, or one map keyed by both?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bpflint.api import (
    AddressOf,
    Assign,
    Binary,
    Call,
    CallExpr,
    Cast,
    Constant,
    Context,
    Expr,
    Finding,
    Function,
    Name,
    Related,
    Rule,
    RuleMeta,
    Scalar,
    Select,
    Severity,
    Type,
    Unit,
    operations,
    strip,
)  # fmt: skip
from bpflint_rules._flow import Site
from bpflint_rules._maps import MapCall, Maps, maps_of

_FILLS = frozenset(("update", "insert", "init"))
_SEEKS = frozenset(("lookup", "delete"))
_WORDS = {"thread": "thread id", "process": "process id"}
_PROCESS_NAME = re.compile(r"^(?:\w+_)?tgid$")
_THREAD_NAME = re.compile(r"^(?:\w+_)?tid$")


class PidTgidMixed(Rule):
    """The low half of `bpf_get_current_pid_tgid()` is the thread id, the high half the process id.

    ## What it does
    Finds maps that programs fill by one half and other programs look up or delete by the other, and variables named
    `tgid` (or `tid`) that are given the half of the other name.

    ## Why is this bad
    Both are equal in a process with one thread, so that tests pass. With threads, entries are not found and never
    deleted, or found for the wrong thread.

    ## Example
    ```c
    u32 tgid = bpf_get_current_pid_tgid();
    ```

    ## Use instead
    ```c
    u32 tgid = bpf_get_current_pid_tgid() >> 32;
    ```

    ## Known limits
    `pid` may mean either and is no evidence. Maps that user space fills, or that one program asks by both, are not
    judged, nor are ids that come through parameters or structs.
    """

    meta = RuleMeta(
        code="BPF712", name="pid-tgid-mixed", summary="thread id and process id are taken for each other",
        severity=Severity.WARNING, references=("https://docs.ebpf.io/linux/helper-function/bpf_get_current_pid_tgid/",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report names that contradict their value, and maps keyed by both halves."""
        if unit.side != "bpf" or unit.language != "c":
            return
        maps = maps_of(unit, ctx)
        calls: dict[str, list[tuple[MapCall, Function, str]]] = {}
        for function in filter(maps.is_live, unit.functions):
            yield from self._names(function, maps)
            for call in maps.calls(function):
                if call.map is not None and call.op in _FILLS | _SEEKS:
                    half = _half(call.key, call.owner or function, maps)
                    calls.setdefault(call.map.name, []).append((call, function, half))
        for name, items in calls.items():
            found = list(self._map(name, items))
            if found and not any(
                use.map == name and use.op == "update" for one in ctx.project.user_units() for use in one.uses
            ):
                yield from found

    def _names(self, function: Function, maps: Maps) -> Iterator[Finding]:
        for op in operations(function):
            target = op.target if isinstance(op, Assign) else op.result if isinstance(op, Call) else None
            value: Expr | None = op.value if isinstance(op, Assign) else op.call if isinstance(op, Call) else None
            if not isinstance(target, Name | Select) or value is None:
                continue
            name = target.name if isinstance(target, Name) else target.field
            half = _cut(_half(value, function, maps), target.type)
            pattern = {"thread": _PROCESS_NAME, "process": _THREAD_NAME}.get(half)
            if pattern is not None and pattern.match(name) and "pid_tgid" not in name:
                right = "the high half is the process id" if half == "thread" else "the low half is the thread id"
                yield self.finding(
                    op.span, f"`{name}` gets the {_WORDS[half]}: {right}", subject=f"{function.name}:{name}"
                )

    def _map(self, name: str, items: list[tuple[MapCall, Function, str]]) -> Iterator[Finding]:
        filled = {half for call, _, half in items if call.op in _FILLS}
        if len(filled) != 1 or not filled <= _WORDS.keys():
            return
        half = next(iter(filled))
        writer = next(call.site for call, _, _ in items if call.op in _FILLS)
        for call, function, asked in items:
            if call.op not in _SEEKS or asked not in _WORDS or asked == half:
                continue
            if not any(other is function and found == half for _, other, found in items):
                yield self._mixed(name, half, asked, call.site, writer, function)

    def _mixed(self, name: str, half: str, asked: str, site: Site, writer: Site, function: Function) -> Finding:
        return self.finding(
            site.span, f"`{name}` is filled by the {_WORDS[half]} and asked here by the {_WORDS[asked]}",
            subject=f"{function.name}:{name}:{site.call.callee}",
            related=[Related(writer.span, "writer", f"filled by the {_WORDS[half]}")],
        )  # fmt: skip


def _half(expr: Expr | None, function: Function, maps: Maps, depth: int = 12) -> str:
    """Which half an expression is: thread, process, both (the 64-bit value), or "" where it cannot be told."""
    if depth == 0:
        return ""
    match expr:
        case Cast(value=value, type=type_):
            return _cut(_half(value, function, maps, depth - 1), type_)
        case AddressOf(place=place):
            return _half(place, function, maps, depth - 1)
        case CallExpr(callee="bpf_get_current_pid_tgid"):
            return "both"
        case Select(owner="task_struct", field="tgid"):
            return "process"
        case Select(owner="task_struct", field="pid"):
            return "thread"
        case Binary(op=">>", left=left, right=Constant(value=32)):
            return "process" if _half(left, function, maps, depth - 1) == "both" else ""
        case Binary(op="&", left=left, right=right) if isinstance(mask := strip(right), Constant):
            low = mask.value in (0xFFFFFFFF, -1) and _half(left, function, maps, depth - 1) == "both"
            return "thread" if low else ""
        case Name(decl=decl, type=type_) if decl:
            origin = maps.origins(function).get(decl)
            only = origin.only if origin is not None else None
            return "" if only is None else _cut(_half(only, function, maps, depth - 1), type_)
    return ""


def _cut(half: str, type_: Type | None) -> str:
    """What is left of a half in a type: 32 bits hold the low one."""
    return "thread" if half == "both" and isinstance(type_, Scalar) and type_.width == 32 else half
