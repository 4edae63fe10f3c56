"""BPF124: does a length take a field off the end of a struct where the field does not end it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    Array,
    Binary,
    Confidence,
    Constant,
    Context,
    Expr,
    Field,
    Finding,
    Function,
    Record,
    RecordDecl,
    Related,
    Rule,
    RuleMeta,
    Severity,
    SizeOf,
    Unit,
    operands,
    operations,
    parts,
    show_bytes,
    strip,
)  # fmt: skip

_LEAST = 16
"""Bytes of an array below which an equal number is likely another one."""


class LengthPresumesLastField(Rule):
    """`sizeof(S) - sizeof(field)` is meant as the bytes before the field, and the field is not the last thing in S.

    ## What it does
    Finds sums such as `sizeof(*e) - sizeof(e->buf) + len` and `sizeof(struct outer) - sizeof(struct inner)`, and looks
    whether the array or struct that is taken off ends exactly where the outer struct does.

    ## Why is this bad
    With a field after it, or padding at the end, the sum is not the offset of the field: the event is cut too short or
    carries bytes of something else, and its reader looks for the payload in the wrong place.

    ## Example
    ```c
    struct event { __u64 ts; __u16 len; char buf[256]; __u64 links[2]; };
    bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, e, sizeof(*e) - 256 + e->len);
    ```

    ## Use instead
    ```c
    bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, e, offsetof(struct event, buf) + e->len);
    ```

    ## Known limits
    A plain number is matched with an array of just that size, of 16 bytes or more. Where a length is added, padding
    after the last field is let pass: a few bytes more are sent. What begins the struct may be taken off.
    """

    meta = RuleMeta(
        code="BPF124", name="length-presumes-last-field", summary="a length takes off a field that is not the last",
        severity=Severity.ERROR,
        references=("https://github.com/iovisor/bcc/blob/master/libbpf-tools/ksnoop.h",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Look at every sum in the bodies of a C unit."""
        if unit.language != "c":
            return
        target = "bpfel" if unit.side == "bpf" else ctx.settings.targets[0]
        seen: set[object] = set()
        for function in unit.functions:
            for op in operations(function):
                for operand in operands(op):
                    for expr in _sums(operand):
                        for finding in self._sum(expr, function, target, ctx):
                            if finding.span not in seen:
                                seen.add(finding.span)
                                yield finding

    def _sum(self, expr: Binary, function: Function, target: str, ctx: Context) -> Iterator[Finding]:
        terms = list(_terms(expr, plus=True))
        whole = [item for plus, item in terms if plus and isinstance(item, SizeOf) and _is_record(item)]
        if len(whole) != 1:
            return
        decl = whole[0].operand
        assert isinstance(decl, RecordDecl)  # asked above
        record = ctx.layout(decl, target)
        if record.opaque is not None:
            return
        taken = [(item, field) for plus, item in terms if not plus and (field := _taken(item, record)) is not None]
        if min((field.offset for _, field in taken), default=0) == 0:
            return  # what begins the struct is taken off its front: the rest is what is left
        added = sum(1 for plus, _ in terms if plus) > 1
        for item, field in taken:
            padded = _is_last(field, record) and (added or isinstance(item, Constant))
            if field.end != record.size and not padded:
                yield self._finding(expr, item, field, record, function)

    def _finding(
        self, expr: Binary, item: Expr, field: Field, record: Record, function: Function
    ) -> Finding:
        at = show_bytes(field.offset)
        presumed = show_bytes(record.size - field.size)
        why = "padding" if field.end + 64 >= record.size and _is_last(field, record) else "more fields"
        return self.finding(
            expr.span or function.span,
            f"`{field.name}` of `{record.name}` begins at byte {at}, but this length presumes byte {presumed}: {why} "
            "after it; use offsetof",
            subject=f"{function.name}:{record.name}.{field.name}",
            confidence=Confidence.MEDIUM if isinstance(item, Constant) else None,
            related=[Related(field.span, "field", f"`{field.name}` is declared here")] if field.span else [],
        )  # fmt: skip


def _sums(expr: Expr) -> Iterator[Binary]:
    """The outermost sums of an expression."""
    if isinstance(expr, Binary) and expr.op in ("+", "-"):
        yield expr
        return
    for part in parts(expr):
        yield from _sums(part)


def _terms(expr: Expr, *, plus: bool) -> Iterator[tuple[bool, Expr]]:
    inner = strip(expr)
    if isinstance(inner, Binary) and inner.op in ("+", "-"):
        yield from _terms(inner.left, plus=plus)
        yield from _terms(inner.right, plus=plus == (inner.op == "+"))
    else:
        yield plus, inner


def _is_record(item: SizeOf) -> bool:
    return isinstance(item.operand, RecordDecl) and item.operand.kind == "struct"


def _taken(item: Expr, record: Record) -> Field | None:
    """The one member that a term takes off: a nested struct or an array by its type, an array by its size."""
    fields = [field for field in record.fields if field.size]
    if isinstance(item, SizeOf) and isinstance(item.operand, RecordDecl):
        key = item.operand.key()
        found = [field for field in fields if isinstance(field.type, RecordDecl) and field.type.key() == key]
    elif isinstance(item, SizeOf) and isinstance(item.operand, Array):
        found = [field for field in fields if field.type == item.operand]
    elif isinstance(item, Constant) and isinstance(item.value, int) and item.value >= _LEAST:
        size = item.value * 8
        found = [field for field in fields if isinstance(field.type, Array) and field.size == size]
    else:
        return None
    return found[0] if len(found) == 1 else None


def _is_last(field: Field, record: Record) -> bool:
    return all(other.offset <= field.offset for other in record.fields if other.size)
