"""Which helpers do the programs of a unit call whatever is decided when they are compiled or loaded?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bpflint.api import CallExpr, Context, Expr, Function, Name, Program, Unit, facts, guards_of, walk
from bpflint_rules._flow import Site, programs_reaching
from bpflint_rules._maps import Maps, maps_of


@dataclass(slots=True)
class HelperCall:
    """A call of a helper, and the programs that may come to it."""

    helper: facts.Helper
    site: Site
    function: Function
    programs: tuple[Program, ...]
    _reach: _Reach

    def is_certain_for(self, program: Program) -> bool:
        """Return whether a program comes here unless it ends before, outside of what a switch may compile away."""
        own = any(item.name == self.function.name for item in self.programs)
        if not own and len(self.programs) > 1 and not self._reach.calls(program, self.function):
            return False
        return self.site.at.block in self._reach.plain(self.function)


def helper_calls(unit: Unit, ctx: Context) -> Iterator[HelperCall]:
    """Yield each call of a helper that some program of the unit may come to."""
    maps = maps_of(unit, ctx)
    reach = _Reach(unit, maps)
    running = programs_reaching(unit)
    for function in unit.functions:
        programs = running.get(function.name, ())
        for site in maps.sites(function) if programs else ():
            helper = facts.helpers().get(site.call.callee)
            if helper is not None and site.call.receiver is None and site.call.callee not in maps.functions:
                yield HelperCall(helper, site, function, programs, reach)


class _Reach:
    """Blocks that control may come to whatever the switches say, by function, each found once."""

    def __init__(self, unit: Unit, maps: Maps) -> None:
        self._maps = maps
        self._guards = guards_of(unit)
        self._plain: dict[str, frozenset[int]] = {}

    def plain(self, function: Function) -> frozenset[int]:
        if function.name not in self._plain:
            certain = self._guards.certain(function, self._is_switch)
            self._plain[function.name] = frozenset() if certain.asks else certain.blocks
        return self._plain[function.name]

    def calls(self, program: Program, function: Function) -> bool:
        """Whether the program calls the function itself, outside of what a switch may compile away."""
        for site in self._maps.callers.get(function.name, ()):
            if site.function.name == program.name:
                return site.at.block in self.plain(site.function)
        return False

    def _is_switch(self, test: Expr) -> bool:
        """Whether a test may be decided when the program is compiled: by an argument, or what a function answers."""
        for item in walk(test):
            match item:
                case Name(storage="parameter", type=kind) if not hasattr(kind, "pointee"):
                    return True
                case CallExpr(callee=callee) if callee in self._maps.functions:
                    return True
        return False
