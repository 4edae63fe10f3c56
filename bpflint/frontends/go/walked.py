"""What stands in the lowered bodies of a package? Each is walked once, for all who ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from bpflint.analysis.walk import Origin, expressions, operations, origins
from bpflint.model.data import dataclass
from bpflint.model.flow import Aggregate, CallExpr, Cast, Expr, Function, Index, Op


@dataclass
class Walked:
    """One body: its operations, each with the calls, conversions, literals and indexes in it, outermost first."""

    function: Function

    @cached_property
    def parts(self) -> Sequence[tuple[Op, Sequence[Expr]]]:
        """The operations in order."""
        kinds = (CallExpr, Aggregate, Cast, Index)
        return [
            (op, [expr for expr in expressions(op) if isinstance(expr, kinds)]) for op in operations(self.function)
        ]

    @cached_property
    def calls(self) -> Sequence[tuple[CallExpr, Op]]:
        """Every call with the operation it stands in."""
        return [(expr, op) for op, found in self.parts for expr in found if isinstance(expr, CallExpr)]

    @cached_property
    def origins(self) -> Mapping[int, Origin]:
        """Where the values of its variables come from."""
        return origins(self.function)

    def expressions(self) -> Iterator[Expr]:
        """Yield the calls, conversions, literals and indexes."""
        for _, found in self.parts:
            yield from found


class Walks:
    """The bodies of a package, by the function's identity: a name may be declared once for each system."""

    def __init__(self, functions: Sequence[Function]) -> None:
        self.functions = functions
        self._held = {id(item): Walked(item) for item in functions}

    def of(self, function: Function) -> Walked:
        """Return one of the package's functions, walked."""
        return self._held[id(function)]
