"""Which types and fields of the kernel does C source ask for, and which programs come there on every kernel?

The builtins are clang's (`__builtin_preserve_access_index` and its like, which the macros of bpf_core_read.h expand
to); a record declared `preserve_access_index` is asked for by each plain access.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from bpflint.analysis.guarded import Guards, is_question
from bpflint.analysis.walk import expressions, operands, parts, strip
from bpflint.model.core import Asked
from bpflint.model.data import dataclass
from bpflint.model.flow import (
    AddressOf,
    CallExpr,
    Constant,
    Deref,
    Expr,
    Function,
    Index,
    Name,
    Select,
)  # fmt: skip
from bpflint.model.layout import Array, Enum, Opaque, Pointer, RecordDecl, Scalar, Type
from bpflint.model.source import Span

_BUILTIN = "__builtin_preserve_"
_ACCESS = "__builtin_preserve_access_index"
_FIELD_INFO = ("field_byte_offset", "field_byte_size", "field_exists", "field_signed", "field_lshift_u64",
               "field_rshift_u64")  # fmt: skip
_TYPE_INFO = ("type_exists", "type_size", "type_matches")
_LEAVES = (Name, Constant)
_VALUE_INFO = ("enumval_exists", "enumval_value")


@dataclass(frozen=True, slots=True)
class CoreUse:
    """Something asked for in a function; `programs` come there whatever the kernel answers, () where it is behind a
    question or no program comes there at all."""

    asked: Asked
    function: str
    programs: tuple[str, ...]
    question: bool


def core_uses(functions: Sequence[Function], programs: Collection[str], constants: Collection[str]) -> list[CoreUse]:
    """Return what the functions of a unit ask for, each place once; `constants` are globals its loader sets."""
    guards = Guards(functions, constants)
    found: list[CoreUse] = []
    by_name = {item.name: item for item in functions}
    certain = {name: guards.certain(item) for name, item in by_name.items()}
    sure = {name: frozenset() if one.asks else one.blocks for name, one in certain.items()}
    coming = _coming(by_name, sure, programs)
    for name, function in by_name.items():
        for number, block in enumerate(function.blocks):
            who = tuple(sorted(coming.get(name, ()))) if number in sure[name] else ()
            for op in block.ops:
                given = operands(op) if any(map(_may_ask, expressions(op))) else ()
                for asked, question in _asked(given, op.span):
                    found.append(CoreUse(asked, name, () if question else who, question))
    return list(dict.fromkeys(found))


def _coming(
    functions: Mapping[str, Function], sure: Mapping[str, frozenset[int]], programs: Collection[str]
) -> dict[str, set[str]]:
    """Which programs come to each function through blocks that run on every kernel."""
    calls = {name: _named(function, sure[name], functions) for name, function in functions.items()}
    found: dict[str, set[str]] = {}
    for program in programs:
        waiting = [program] if program in functions else []
        while waiting:
            name = waiting.pop()
            if program not in found.setdefault(name, set()):
                found[name].add(program)
                waiting += calls[name]
    return found


def _named(function: Function, blocks: frozenset[int], functions: Mapping[str, Function]) -> set[str]:
    """The functions that some blocks call, or hand on as a callback."""
    found: set[str] = set()
    for number in blocks:
        for op in function.blocks[number].ops:
            for expr in expressions(op):
                if isinstance(expr, CallExpr):
                    found.add(expr.callee)
                elif isinstance(expr, Name):
                    found.add(expr.name)
    return (found & functions.keys()) - {function.name}


def _may_ask(expr: Expr) -> bool:
    """Whether an expression is what a path that is asked for begins with; most operations hold none."""
    if isinstance(expr, CallExpr):
        return expr.callee.startswith(_BUILTIN)
    return isinstance(expr, Select) and expr.relocated


def _asked(given: Iterable[Expr], span: Span) -> Iterator[tuple[Asked, bool]]:
    """Yield what expressions ask for, with whether it is a question; each path once, from its outermost step."""
    waiting = [(expr, False, False) for expr in given]
    while waiting:
        expr, inside, address = waiting.pop()
        match expr:
            case CallExpr(callee=callee, args=(first, *_)) if callee == _ACCESS:
                waiting.append((strip(first), True, False))
            case CallExpr(callee=callee) if callee.startswith(_BUILTIN):
                asked = _information(expr, span)
                if asked is not None:
                    yield asked, is_question(expr)
                waiting += [(item, False, False) for item in _roots(expr)]
            case AddressOf(place=place):
                waiting.append((strip(place), inside, True))
            case Select() | Index():
                asked, base = _path(expr, span, inside, address)
                if asked is not None:
                    yield asked, False
                waiting.append((base, inside, False))
                waiting += [(item, False, False) for item in _indices(expr)]
            case _:
                waiting += [(item, inside, False) for item in parts(expr) if item.__class__ not in _LEAVES]


def _roots(call: CallExpr) -> Iterator[Expr]:
    """What an asked-for place hangs on: it is evaluated, the place itself is not."""
    for item in call.args[:1]:
        inner = strip(item)
        while isinstance(inner, Select | Index | AddressOf):
            arrow = isinstance(inner, Select) and inner.arrow
            inner = strip(inner.place if isinstance(inner, AddressOf) else inner.base)
            if arrow:
                yield inner
                return


def _indices(expr: Expr) -> Iterator[Expr]:
    while isinstance(expr, Select | Index) and not (isinstance(expr, Select) and expr.arrow):
        if isinstance(expr, Index):
            yield expr.index
        expr = strip(expr.base)


def _information(call: CallExpr, span: Span) -> Asked | None:
    last = call.args[-1] if len(call.args) == 2 else None
    if not isinstance(last, Constant) or not isinstance(last.value, int):
        return None
    kinds = {"__builtin_preserve_field_info": _FIELD_INFO, "__builtin_preserve_type_info": _TYPE_INFO,
             "__builtin_preserve_enum_value": _VALUE_INFO}.get(call.callee, ())  # fmt: skip
    kind = kinds[last.value] if 0 <= last.value < len(kinds) else ""
    what, place = strip(call.args[0]), call.span or span
    match kind.partition("_")[0]:
        case "field":
            asked, _ = _path(what, place, True, True)
            return None if asked is None else replace(asked, kind=kind)
        case "type" if isinstance(what, Deref):
            return _named_type(kind, what.type, place, ())
        case "enumval" if isinstance(what, Deref):
            value = strip(what.pointer)
            name = value.spelling if isinstance(value, Constant) else ""
            return _named_type(kind, what.type, place, (name,)) if name else None
    return None


def _named_type(kind: str, type_: Type | None, span: Span, steps: tuple[str, ...]) -> Asked | None:
    match type_:
        case RecordDecl(kind=keyword, name=name) if name:
            return Asked(kind, keyword, name, steps, None, span)
        case Enum(names=(*_, name)):
            return Asked(kind, "enum", name, steps, type_, span)
        case Scalar(names=(name, _, *_)) | Array(names=(name, *_)):
            return Asked(kind, "typedef", name, steps, type_, span)
        case Opaque(spelling=spelling) | Pointer(spelling=spelling):
            word, _, name = spelling.rpartition(" ")
            known = word if word in ("struct", "union", "enum") else "typedef"
            return Asked(kind, known, name, steps, None, span) if name.isidentifier() else None
    return None


def _path(expr: Expr, span: Span, inside: bool, address: bool) -> tuple[Asked | None, Expr]:
    """Return what a place asks for, and the pointer it starts from."""
    chain: list[Select | Index] = []
    while isinstance(expr, Select | Index):
        chain.append(expr)
        arrow = isinstance(expr, Select) and expr.arrow
        expr = strip(expr.base)
        if arrow:
            break
        if isinstance(expr, Deref) and isinstance(chain[-1], Select):
            expr = strip(expr.pointer)
            break
    first = chain[-1] if chain else None
    if not isinstance(first, Select) or not first.owner or not (inside or first.relocated) or "(" in first.owner:
        return None, expr
    steps: list[str | int] = []
    reached: Expr = first
    for item in reversed(chain):
        step = _step(item, inside)
        if step is None:
            break
        steps.append(step)
        reached = item
    whole = reached is chain[0]
    direct = whole and not address and not isinstance(reached.type, Array | RecordDecl)
    place = first.span or span
    return Asked("field_byte_offset", _keyword(first), first.owner, tuple(steps), reached.type, place, direct), expr


def _step(item: Select | Index, inside: bool) -> str | int | None:
    """The next step of a path, None where the compiler gives up: a variable index, a record that is not asked for."""
    if isinstance(item, Select):
        return item.field if inside or item.relocated else None
    index = strip(item.index)
    if isinstance(index, Constant) and isinstance(index.value, int) and isinstance(strip(item.base).type, Array):
        return index.value
    return None


def _keyword(first: Select) -> str:
    base = first.base.type
    spelling = base.spelling if isinstance(base, Pointer) else ""
    return "union" if "union " in spelling else "struct"
