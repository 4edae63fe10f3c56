"""Which edit makes a plain update atomic? Only where the statement is nothing but the update."""

from __future__ import annotations

from bpflint.api import (
    Constant,
    Deref,
    Edit,
    Evaluate,
    Expr,
    Fix,
    Function,
    Index,
    Name,
    Scalar,
    Select,
    Span,
    Update,
    Width,
    operands,
    show,
    strip,
    walk,
)  # fmt: skip
from bpflint_rules._flow import Place, same


def atomic_edit(function: Function, at: Place) -> Edit | None:
    """Return the edit that turns `x++` or `x += n` into `__sync_fetch_and_add(&x, n)`; None where it is not certain.

    Certain means: a 32- or 64-bit integer, a place and a number that are written plainly, on one line, outside macros,
    and a result that nothing uses, for kernels before 5.12 know the addition without a result only.
    """
    op = function.blocks[at.block].ops[at.index]
    if not isinstance(op, Update) or op.op not in ("++", "+=") or op.atomic or not _is_counter(op.target):
        return None
    written, value = _written(op.target), _written(op.value)
    if not written or not value or not _stands_alone(function, at, op) or not _fits(op, written, value):
        return None
    address = written[1:] if written.startswith("*") else f"&{written}"
    return Edit(op.span, f"__sync_fetch_and_add({address}, {value})")


def atomic_fix(edits: list[Edit | None]) -> list[Fix]:
    """Return one fix for all updates of a finding, none where one of them cannot be changed."""
    made = tuple(item for item in edits if item is not None)
    return [Fix("add atomically", "safe", made)] if made and len(made) == len(edits) else []


def _is_counter(target: Expr) -> bool:
    type_ = target.type
    return isinstance(type_, Scalar) and type_.kind == "int" and type_.width in (32, 64, Width.LONG)


def _written(expr: Expr) -> str:
    """An expression as its author wrote it, "" where that is not known for sure."""
    match expr:
        case Name(name=name):
            return name
        case Constant(value=int(value), spelling=spelling):
            return spelling or str(value)
        case Deref(pointer=pointer) if isinstance(inner := strip(pointer), Name):
            return f"*{inner.name}"
        case Select(base=base, field=field, arrow=arrow, macro=""):
            before = _written(strip(base))
            return "" if not before or before.startswith("*") else f"{before}{'->' if arrow else '.'}{field}"
        case Index(base=base, index=index) if isinstance(strip(index), Name | Constant):
            before, number = _written(strip(base)), _written(strip(index))
            return f"{before}[{number}]" if before and number and not before.startswith("*") else ""
    inner = strip(expr)
    return _written(inner) if inner is not expr and getattr(expr, "implicit", False) else ""


def _fits(op: Update, written: str, value: str) -> bool:
    """Whether the text between the edges of the statement can be nothing but this: no macro, no comment."""
    span = op.span
    width = span.end_column - span.column if span.line == span.end_line else 0
    around = 2 if written.startswith("*") else 0
    if op.op == "++":
        return width in (len(written) + 2, len(written) + 2 + around) and _starts_there(op, span, around)
    plain = len(written) + len("+=") + len(value)
    return plain <= width <= plain + 2 + around and _starts_there(op, span, around)


def _starts_there(op: Update, span: Span, around: int) -> bool:
    target = op.target.span
    offsets = (0, 1 if around else 0, 2 if op.op == "++" else 0)
    return target is not None and target.line == span.line and target.column - span.column in offsets


def _stands_alone(function: Function, at: Place, op: Update) -> bool:
    """Whether the value of the expression is dropped: what comes next does not read the place as part of it."""
    ops = function.blocks[at.block].ops
    if at.index + 1 < len(ops):
        behind = ops[at.index + 1]
        if isinstance(behind, Evaluate) and behind.span == op.span:
            return True  # the statement's own value, evaluated for nothing
        return isinstance(op.target, Name) and not any(
            same(item, op.target) for operand in operands(behind) for item in walk(operand)
        )  # fmt: skip
    return not any(
        edge.test is not None and show(op.target) in show(edge.test.value) for edge in function.blocks[at.block].edges
    )
