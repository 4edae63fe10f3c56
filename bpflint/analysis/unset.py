"""Which plain locals does a body read where no path has given them a value?

A forward walk for a compiler that has given up: clang says nothing of a file's unset variables once one header of it
is missing, which in user code is the rule. Only what is unset on every path counts, so tests need not be understood.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bpflint.analysis.walk import (
    blocks_behind,
    contents,
    expressions,
    operands,
    operations,
    parts,
    predecessors,
    show,
    strip,
    walk,
)  # fmt: skip
from bpflint.model.data import dataclass
from bpflint.model.flow import (
    AddressOf,
    Aggregate,
    Assign,
    Call,
    CallExpr,
    Cast,
    Declare,
    Expr,
    Function,
    Name,
    Op,
    Unknown,
    Update,
)  # fmt: skip
from bpflint.model.layout import Enum, Pointer, Scalar
from bpflint.model.source import Span

_Unset = frozenset[int]


@dataclass(frozen=True, slots=True)
class UnsetRead:
    """A read of a local that nothing has set, and where it stands."""

    name: Name
    span: Span


def unset_reads(function: Function) -> tuple[UnsetRead, ...]:
    """Return the first such read of each local, in block order."""
    declared = {op.name.decl for op in operations(function) if isinstance(op, Declare) and _is_plain(op)}
    if not declared:
        return ()
    watched = frozenset(declared - _out_of_sight(function))
    found: dict[int, UnsetRead] = {}
    for block, unset in zip(function.blocks, _at_first(function, watched), strict=True):
        for op in block.ops:
            given = {item.decl for item in _addressed(op)}
            for name in _reads(op) if unset else ():
                if name.decl in unset - given and name.span is not None and _is_written_out(name, name.span):
                    found.setdefault(name.decl, UnsetRead(name, name.span))
            unset = _after(op, unset, watched)
    return tuple(found.values())


def _is_plain(op: Declare) -> bool:
    """A number or a pointer comes into scope; the bytes of records and arrays are another engine's."""
    return op.name.decl != 0 and isinstance(op.name.type, Scalar | Pointer | Enum)


def _is_written_out(name: Name, span: Span) -> bool:
    """Whether a name stands in the text itself: a macro's own, `typeof(*pos)`, has the place of the whole macro."""
    return span.line == span.end_line and span.end_column - span.column == len(name.name)


def _out_of_sight(function: Function) -> set[int]:
    """Locals that something not modelled mentions: assembler, a macro that is not there, a va_list."""
    hidden = set[int]()
    for expr in contents(function):
        if isinstance(expr, Unknown) or (isinstance(expr, CallExpr) and _asks_no_value(expr.callee)):
            hidden |= {item.decl for item in walk(expr) if isinstance(item, Name)}
    return hidden


def _asks_no_value(callee: str) -> bool:
    """A macro of a missing header may set what it is given; a question to CO-RE is about a type."""
    return callee.isupper() or callee.startswith("__builtin_preserve_")


def _at_first(function: Function, watched: _Unset) -> list[_Unset]:
    """What is unset when control comes to each block for the first time: a loop's own turns come later."""
    before = predecessors(function)
    leave = _at_ends(function, watched, before)
    found = []
    for number, sources in enumerate(before):
        known = {item: unset for item in sources if (unset := leave[item]) is not None}
        if len(set(known.values())) > 1:
            behind = blocks_behind(function, number)
            known = {item: unset for item, unset in known.items() if item not in behind} or known
        found.append(frozenset.intersection(*known.values()) if number and known else frozenset[int]())
    return found


def _at_ends(function: Function, watched: _Unset, before: Sequence[Sequence[int]]) -> Sequence[_Unset | None]:
    """What is unset on every path to the end of each block; None for one that no path reaches."""
    leave: list[_Unset | None] = [None] * len(function.blocks)
    work = [0]
    while work:
        number = work.pop(0)
        known = [item for source in before[number] if (item := leave[source]) is not None]
        unset = frozenset.intersection(*known) if number else frozenset[int]()
        for op in function.blocks[number].ops:
            unset = _after(op, unset, watched)
        if leave[number] != unset:
            leave[number] = unset
            work.extend(edge.to for edge in function.blocks[number].edges)
    return leave


def _after(op: Op, unset: _Unset, watched: _Unset) -> _Unset:
    if isinstance(op, Declare):
        return unset | {op.name.decl} & watched
    if not unset:
        return unset
    return unset - {item.decl for item in _set_by(op)}


def _set_by(op: Op) -> Iterator[Name]:
    """The locals that an operation writes, or whose address it hands out."""
    target = op.target if isinstance(op, Assign | Update) else op.result if isinstance(op, Call) else None
    targets = [item for _, item in target.items] if isinstance(target, Aggregate) else [target]
    yield from (item for item in targets if isinstance(item, Name))
    yield from _addressed(op)


def _addressed(op: Op) -> Iterator[Name]:
    for expr in expressions(op):
        if isinstance(expr, AddressOf):
            yield from (item for item in walk(expr) if isinstance(item, Name))


def _reads(op: Op) -> Iterator[Name]:
    """The names whose value an operation takes."""
    own = strip(op.value) if isinstance(op, Assign) and op.declares else None
    if isinstance(own, Name) and isinstance(op, Assign) and show(op.target) == own.name:
        return  # `int x = x`: an author's way to say that it is set
    for number, operand in enumerate(operands(op)):
        plain = number == 0 and isinstance(op, Assign | Call) and isinstance(operand, Name)
        is_written = plain and (isinstance(op, Assign) or (isinstance(op, Call) and op.result is not None))
        yield from () if is_written else _read_in(operand)


def _read_in(expr: Expr) -> Iterator[Name]:
    if isinstance(expr, Name):
        yield expr
    elif isinstance(expr, Cast) and expr.type is None:
        return  # `(void)x`
    elif not isinstance(expr, AddressOf):
        for part in parts(expr):
            yield from _read_in(part)
