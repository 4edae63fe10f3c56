"""BPF143: is a buffer cast to a struct that it may be too short for, or not aligned to?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bpflint.api import (
    CallExpr,
    Confidence,
    Context,
    Deref,
    Finding,
    Function,
    Index,
    Name,
    Pointer,
    RecordDecl,
    Related,
    Rule,
    RuleMeta,
    Scalar,
    Select,
    Severity,
    SizeOf,
    Span,
    Unit,
    Unknown,
    Use,
    expressions,
    operations,
    show_bytes,
)  # fmt: skip
from bpflint_rules._rust import rust_uses

_UNCHECKED = frozenset(("*", "ptr::read", "ptr::read_unaligned", "ptr::read_volatile", "ptr::as_ref", "ptr::as_mut"))
"""Reads through a pointer, which knows no length."""
_ALIGNED = frozenset(("*", "ptr::read", "ptr::read_volatile", "ptr::as_ref", "ptr::as_mut"))
_REFUSES = frozenset(
    ("plain::from_bytes", "plain::from_mut_bytes", "bytemuck::from_bytes", "bytemuck::try_from_bytes", "T::from_bytes",
     "T::ref_from_bytes", "T::ref_from_prefix", "T::ref_from")
)  # fmt: skip
"""Conversions that check the alignment and fail."""
_ADDRESS = re.compile(r"\(\s*\*\s*(\w+)\s*\)\s*\.\s*(\w+)")
_READER = "PerfBufferBuilder"


class ShortBufferCast(Rule):
    """The bytes of an event become a struct through a pointer, and nothing checks their length or alignment.

    ## What it does
    Follows the bytes of an event to the cast that makes a Rust struct of them. It reports a cast in a function that
    never looks at the length, a reference into a sample of a perf buffer that needs more than 4-byte alignment, and a
    field that is accessed plainly through a pointer of which other fields are read with `read_unaligned`.

    ## Why is this bad
    The read goes past the end of the sample, into the next one or out of the mapping. A sample of a perf buffer begins
    12 bytes into an 8-byte aligned record, so a reference to a struct with a `u64` is never aligned: undefined
    behaviour, and a panic in debug builds; functions that check it always fail.

    ## Example
    ```rust
    let event = unsafe { &*(data.as_ptr() as *const Event) };
    ```

    ## Use instead
    ```rust
    if data.len() < size_of::<Event>() { return 0; }
    let event = unsafe { std::ptr::read_unaligned(data.as_ptr() as *const Event) };
    ```

    ## Known limits
    Any look at a length in the same function counts as the check; a missing one is a remark where the BPF side is
    known to send enough. Values of maps are not judged: their length is the map's own.
    """

    meta = RuleMeta(
        code="BPF143", name="short-buffer-cast", summary="bytes become a struct without a look at length or alignment",
        severity=Severity.ERROR,
        references=("https://doc.rust-lang.org/std/ptr/index.html#alignment",
                    "https://github.com/torvalds/linux/blob/v6.6/include/uapi/linux/perf_event.h"),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report the casts of a unit's events, and pointers that are read in two ways."""
        if unit.language != "rust" or unit.side != "user":
            return
        bodies = list(unit.functions)
        for use in rust_uses(unit):
            if use.role == "event" and use.op == "decode" and isinstance(use.type, RecordDecl):
                yield from self._short(use, use.type, _body(use, bodies), ctx)
                yield from self._misaligned(use, use.type, bodies, ctx)
        for function in bodies:
            yield from self._mixed(function)

    # -- length ----------------------------------------------------------------------------------------------

    def _short(self, use: Use, decl: RecordDecl, body: list[Function], ctx: Context) -> Iterator[Finding]:
        if use.how not in _UNCHECKED or not body or any(_looks_at_length(item) for item in body):
            return
        size = ctx.size_of(decl, ctx.settings.targets[0])
        if size is None:
            return
        sent, place = _sent(use.map, ctx)
        if sent is not None and sent < size:
            return  # the layout rules tell the two sizes apart
        today = f"; the BPF side sends {show_bytes(sent)} today" if sent is not None else ""
        yield self.finding(
            use.span,
            f"`{decl.name}` takes {show_bytes(size)} bytes of an event of `{use.map}`, whose length nothing checks"
            f"{today}",
            subject=f"{use.function}:{decl.name}", severity=Severity.WARNING if sent is None else Severity.INFO,
            confidence=Confidence.MEDIUM,
            related=[Related(place, "bpf-side", "sent here")] if place is not None else [],
        )  # fmt: skip

    # -- alignment -------------------------------------------------------------------------------------------

    def _misaligned(self, use: Use, decl: RecordDecl, bodies: list[Function], ctx: Context) -> Iterator[Finding]:
        """perf_event.h, PERF_RECORD_SAMPLE: header (8 bytes), u32 size, data; records begin at multiples of 8."""
        if use.how not in _ALIGNED | _REFUSES or _kind(use.map, ctx) != "perf_event_array":
            return
        record = ctx.layout(decl, ctx.settings.targets[0])
        reader = any(_READER in name for item in bodies for name in _callees(item))
        if record.opaque or record.align <= 32 or not reader:
            return
        fate = "always fails" if use.how in _REFUSES else "is misaligned"
        what = f"`{use.how}`" if use.how in _REFUSES else "this access"
        yield self.finding(
            use.span,
            f"{what} {fate}: samples of perf buffer `{use.map}` begin 4 bytes past a multiple of 8, and `{decl.name}` "
            f"aligns to {show_bytes(record.align)}",
            subject=f"{use.function}:{decl.name}:align",
        )  # fmt: skip

    def _mixed(self, function: Function) -> Iterator[Finding]:
        """One pointer, read with `read_unaligned` here and plainly there."""
        careful = dict(_unaligned(function))
        if not careful:
            return
        for op in operations(function):
            for expr in expressions(op):
                found = _plain_field(expr)
                if found is None or found[0] not in careful:
                    continue
                pointer, field, span = found
                other, place = careful[pointer]
                yield self.finding(
                    span,
                    f"`(*{pointer}).{field}` is accessed as if `{pointer}` were aligned, while `{other}` of the same "
                    "pointer is read with `read_unaligned()`",
                    subject=f"{function.name}:{pointer}", severity=Severity.WARNING, confidence=Confidence.MEDIUM,
                    related=[Related(place, "use", "unaligned here")],
                )  # fmt: skip
                return


def _body(use: Use, bodies: list[Function]) -> list[Function]:
    """The function that holds the decode, with the closures inside of it; none where it stands in another file."""
    name = use.function.rpartition("::")[2]
    return [
        item for item in bodies
        if (item.name == name or item.name.startswith(name + "::")) and item.span.path == use.span.path
    ]  # fmt: skip


def _looks_at_length(function: Function) -> bool:
    for op in operations(function):
        for expr in expressions(op):
            match expr:
                case CallExpr(callee="len" | "chunks_exact" | "get" | "split_at" | "is_empty") | SizeOf():
                    return True
                case Unknown(text=text) if "len()" in text or "size_of" in text:
                    return True
                case Index(index=Unknown(text="range_expression")):
                    return True
    return any(isinstance(item, SizeOf) for block in function.blocks for edge in block.edges if edge.test
               for item in (edge.test.value,))  # fmt: skip


def _sent(name: str, ctx: Context) -> tuple[int | None, Span | None]:
    """The least bytes that the BPF side sends through a map, as far as its types tell."""
    found: list[tuple[int, Span]] = []
    for unit in ctx.project.bpf_units():
        for use in unit.uses:
            if use.map != name or use.role != "event":
                continue
            size = use.size * 8 if use.size is not None else ctx.size_of(use.type)
            if size is None:
                return None, None
            found.append((size, use.span))
    return min(found) if found else (None, None)


def _kind(name: str, ctx: Context) -> str:
    kinds = {item.kind for unit in ctx.project.bpf_units() for item in unit.maps if item.name == name}
    return next(iter(kinds)) if len(kinds) == 1 else ""


def _callees(function: Function) -> Iterator[str]:
    for op in operations(function):
        for expr in expressions(op):
            if isinstance(expr, CallExpr):
                yield expr.callee


def _unaligned(function: Function) -> Iterator[tuple[str, tuple[str, Span]]]:
    """(pointer, (field, place)) of each `addr_of!((*p).field).read_unaligned()`."""
    for op in operations(function):
        for expr in expressions(op):
            if not isinstance(expr, CallExpr) or expr.callee not in ("read_unaligned", "write_unaligned"):
                continue
            held = expr.receiver
            if not isinstance(held, CallExpr) or not held.callee.rpartition("::")[2].startswith("addr_of"):
                continue
            text = held.args[0].text if held.args and isinstance(held.args[0], Unknown) else ""
            if (match := _ADDRESS.search(text)) is not None and expr.span is not None:
                yield match[1], (match[2], expr.span)


def _plain_field(expr: object) -> tuple[str, str, Span] | None:
    """(pointer, field, place) of `(*p).field` where the field needs alignment and its struct is not packed."""
    match expr:
        case Select(base=Deref(pointer=Name(name=name, type=Pointer(spelling=spelling, pointee=pointee))), field=field):
            wide = isinstance(expr.type, Scalar) and expr.type.width not in (8,)
            packed = isinstance(pointee, RecordDecl) and (pointee.packed or pointee.pack is not None)
            if spelling.startswith("*") and wide and not packed and expr.span is not None:
                return name, field, expr.span
    return None
