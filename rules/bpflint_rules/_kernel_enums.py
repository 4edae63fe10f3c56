"""Which of the kernel's enumerators does a program compare with, as numbers that were fixed when it was compiled?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bpflint.api import (
    Binary,
    Constant,
    Context,
    Enum,
    Expr,
    Function,
    Kernel,
    Name,
    Span,
    Unit,
    contents,
    dataclass,
    guards_of,
    origins,
    strip,
)  # fmt: skip
from bpflint_rules._flow import programs_reaching
from bpflint_rules._kernels import able


@dataclass(frozen=True, slots=True)
class FixedValue:
    """A comparison with an enumerator; `found` is its value on each kernel that has the enumeration, None for none."""

    function: str
    enum: str
    name: str
    value: int
    span: Span
    found: Mapping[Kernel, int | None]
    other: Mapping[Kernel, tuple[str, tuple[str, ...] | None]]
    """Where the number means something else: what it is called there, "" for nothing, and the `able` programs."""


def fixed_values(unit: Unit, ctx: Context) -> Iterator[FixedValue]:
    """Yield each enumerator that a function of a unit compares with and some kernel numbers otherwise, once; where
    nothing asks the kernel."""
    for function, enum, name, value, span, found, other in ctx.gathered(differing, unit):
        yield FixedValue(function, enum, name, value, span, found, other)


_Row = tuple[str, str, str, int, Span, dict[Kernel, int | None], dict[Kernel, tuple[str, tuple[str, ...] | None]]]


def differing(unit: Unit, ctx: Context) -> tuple[_Row, ...]:
    """Gather what `fixed_values` yields."""
    return tuple(row for row in _compared_with(unit, ctx) if row[-1])


def _compared_with(unit: Unit, ctx: Context) -> Iterator[_Row]:
    guards, running = guards_of(unit), programs_reaching(unit)
    enums: dict[str, Mapping[Kernel, Mapping[str, int]]] = {}
    for function in unit.functions:
        programs = running.get(function.name, ())
        compared = dict(_compared(function)) if programs else {}
        if not compared or guards.certain(function).asks:
            continue
        for (enum, name), constant in compared.items():
            if enum not in enums:
                enums[enum] = {kernel: values for kernel in ctx.known_kernels
                               if (values := ctx.catalogue.enumerators(kernel, enum)) is not None}  # fmt: skip
            known = enums[enum]
            number, span = constant.value, constant.span
            if isinstance(number, int) and span is not None and any(name in values for values in known.values()):
                found = {kernel: values.get(name) for kernel, values in known.items()}
                others = {kernel: other for kernel, values in known.items()
                          if (other := _named(number, values)) != name and found[kernel] != number
                          and (found[kernel] is not None or other)}  # fmt: skip
                yield function.name, enum, name, number, span, found, {
                    kernel: (other, able(programs, kernel, unit, ctx)) for kernel, other in others.items()
                }  # fmt: skip


def _named(number: int, values: Mapping[str, int]) -> str:
    return next((name for name, value in values.items() if value == number), "")


def _compared(function: Function) -> Iterator[tuple[tuple[str, str], Constant]]:
    """`(enum, enumerator)` of `reason == SKB_DROP_REASON_TCP_RESET`, and of the cases of a switch, last ones first."""
    tests = [edge.test.value for block in function.blocks for edge in block.edges if edge.test is not None]
    found = [item for item in (*contents(function), *tests) if isinstance(item, Binary) and item.op in ("==", "!=")]
    for item in reversed(found):
        for place, other in ((strip(item.left), strip(item.right)), (strip(item.right), strip(item.left))):
            enum = place.type
            if not isinstance(enum, Enum) or not isinstance(other, Constant) or not other.spelling:
                continue
            if not _is_own(place, function):
                yield (enum.name.removeprefix("enum "), other.spelling), other


def _is_own(place: Expr, function: Function) -> bool:
    """Whether a value is one of the program's own making: a constant, or a local that only ever is one."""
    origin = origins(function).get(place.decl) if isinstance(place, Name) else None
    values = origin.values if origin is not None else ()
    return isinstance(place, Constant) or (bool(values) and all(isinstance(strip(item), Constant) for item in values))
