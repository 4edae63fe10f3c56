"""Which maps break this team's habit of lower-case names?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, MapDef, Rule, RuleMeta, Severity, Unit


class LowerCaseMap(Rule):
    """Reports maps whose names have capitals.

    ## What it does
    Looks at the name of every map.

    ## Why is this bad
    The team agreed on lower case.

    ## Example
        struct { ... } Events SEC(".maps");

    ## Use instead
        struct { ... } events SEC(".maps");

    ## Known limits
    None.
    """

    meta = RuleMeta(
        code="EXA001", name="lower-case-map", summary="A map's name has capitals.", severity=Severity.WARNING
    )

    def check_map(self, map_: MapDef, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report the map where it is defined."""
        if map_.name != map_.name.lower():
            yield self.finding(map_.span, f"map {map_.name} has capitals in its name", subject=f"map {map_.name}")
