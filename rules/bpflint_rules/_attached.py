"""Which functions and tracepoints does user space attach programs to by name, with nothing else to fall back on?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from bpflint.api import (
    Aggregate,
    CallExpr,
    Constant,
    Context,
    Expr,
    Function,
    Name,
    Select,
    Span,
    Test,
    Unit,
    contents,
    dataclass,
    facts,
    strip,
    walk,
)  # fmt: skip
from bpflint_rules._flow import Site, argument, plainly_reached, reaches, sites
from bpflint_rules._targets import Target, named_target

_ASKS = re.compile(
    r"(?i)kernel|version|exist|support|avail|feature|btf|symbol|kallsyms|(?:^|[_.])(?:has|have|can)(?:_|[A-Z])|get_kprobe"
)
"""Names of what asks the kernel: calls and variables."""
_ABSENT = re.compile(r"\b(?:ErrNotExist|ErrNotSupported|ENOENT|EOPNOTSUPP|ENOTSUP)\b")


@dataclass(frozen=True, slots=True)
class Attached:
    """A call that attaches a program to a target; `excused` where the program lives without it, or asks first."""

    function: str
    target: Target
    span: Span
    excused: bool


def attached(ctx: Context) -> Iterator[Attached]:
    """Yield each such call of the project's user side whose target is spelled out."""
    for unit in ctx.project.user_units():
        for function, target, span, excused in ctx.gathered(attaching, unit):
            yield Attached(function, Target(*target), span, excused)


_Row = tuple[str, tuple[str, str, str], Span, bool]


def attaching(unit: Unit, ctx: Context) -> tuple[_Row, ...]:
    """Gather such calls of a user-side unit: the fields of `Attached`."""
    rows = [row for row in facts.attach_calls() if row.language == unit.language] if unit.side == "user" else []
    each = (
        (function, [(site, target) for site in sites(function) if (target := _target(site.call, rows)) is not None])
        for function in (unit.functions if rows else ())
    )
    return tuple(row for function, found in each if found for row in _in_function(function, found))


def _in_function(function: Function, found: list[tuple[Site, Target]]) -> Iterator[_Row]:
    tried = [site.call for site, _ in found]
    first = plainly_reached(function, lambda test: _is_failure(test, tried))
    unasked = plainly_reached(function, _asks)
    forgives = any(_tells_absence(item) for item in contents(function))
    for site, target in found:
        behind = any(other is not site and other.at.block not in first and reaches(function, site.at, other.at)
                     for other, _ in found)  # fmt: skip
        asked = site.at.block not in unasked or _is_asked(target.name, site, function, [item for item, _ in found])
        late = site.at.block not in first
        named = (target.kind, target.name, target.symbol)
        yield function.name, named, site.span, forgives or behind or asked or late


def _target(call: CallExpr, rows: list[facts.AttachCall]) -> Target | None:
    for row in rows:
        if not fnmatchcase(call.callee, row.callee) or row.shape not in (None, len(call.args)):
            continue
        name, category = _text(argument(call, row.name), row.field), _text(argument(call, row.category), "")
        texts = sum(bool(_text(item, "")) for item in call.args)
        if row.shape is not None and texts != (1 if row.category is None else 2):
            continue
        if row.kind == "tracepoint" and row.category is None:
            category, _, name = name.partition(":")
        if name and bool(category) is (row.kind == "tracepoint"):
            return named_target(row.kind, f"{category}/{name}" if category else name)
    return None


def _text(expr: Expr | None, field: str) -> str:
    inner = strip(expr) if expr is not None else None
    if isinstance(inner, Aggregate) and field:
        inner = next((strip(value) for name, value in inner.items if name == field), None)
    return inner.value if isinstance(inner, Constant) and isinstance(inner.value, str) else ""


def _is_failure(test: Test, tried: list[CallExpr]) -> bool:
    """Whether an edge is taken after something failed: `if err != nil`, `if (!link)`, `if (err)`, `x.is_err()`."""
    if test.outcome in ("error", "null") or any(item is call for item in walk(test.value) for call in tried):
        return True
    inner = strip(test.value)
    return test.outcome == "true" and isinstance(inner, Name) and inner.name in ("err", "ret", "rc", "error")


def _asks(test: Test) -> bool:
    """Whether a test is about what the kernel has."""
    return any(_ASKS.search(_word(item)) for item in walk(test.value))


def _word(item: Expr) -> str:
    match item:
        case CallExpr(callee=callee):
            return callee.rpartition("/")[2]
        case Name(name=name) | Select(field=name):
            return name
    return ""


def _is_asked(name: str, site: Site, function: Function, attaching: list[Site]) -> bool:
    """Whether a function hands the target's name to something else too, that is no attaching call."""
    own = [site.call, *(item.call for item in attaching)]
    return any(
        _text(given, "") == name
        for other in sites(function) if not any(other.call is call for call in own) for given in other.call.args
    )  # fmt: skip


def _tells_absence(item: Expr) -> bool:
    """Whether an expression names the error of a target that is not there."""
    match item:
        case Name(name=name) | Select(field=name):
            return bool(_ABSENT.search(name))
        case Constant(spelling=spelling):
            return bool(_ABSENT.search(spelling))
    return False
