"""BPF115: do constants that both sides copied from each other still agree?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from bpflint.api import Confidence, Context, Enum, Finding, Related, Rule, RuleMeta, Severity, Unit, normal_name

_WORD = 0xFFFF_FFFF
"""A C enumerator is an int: `1 << 31` is negative there and positive in Go."""
_LEAST = 3
"""Names that two groups must share before they are taken for copies of each other."""


class EnumOrConstantDrift(Rule):
    """A named number has another value in user space than in the BPF program.

    ## What it does
    Matches groups of constants by name, C enums with `const` blocks of Go and enums of Rust: groups that share three
    names or more, most of them with the same values, were copied. It reports the names whose values differ.

    ## Why is this bad
    An enumerator put in the middle of the C enum shifts all that follow; the copy still compiles, and event 7 is shown
    as event 6.

    ## Example
    ```c
    enum event_type { EVENT_OPEN, EVENT_READ, EVENT_WRITE, EVENT_CLOSE };
    ```
    ```go
    const (
        EventOpen = iota
        EventRead
        EventClose          // 2, in C 3
    )
    ```

    ## Use instead
    Generate the constants (`bpf2go -type event_type`), or give every enumerator its number on both sides.

    ## Known limits
    Names are compared without case and underscores, after the prefix that all names of a group share.
    """

    meta = RuleMeta(
        code="BPF115", name="enum-or-constant-drift", summary="a copied constant has another value",
        severity=Severity.WARNING, confidence=Confidence.MEDIUM, cross_file=True,
    )  # fmt: skip

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Compare every group of the user side with every C enum."""
        ours = list(_groups(ctx.project.bpf_units()))
        seen: set[tuple[object, str]] = set()
        for unit in ctx.project.user_units():
            if unit.language not in ("go", "rust"):
                continue
            for theirs in unit.enums:
                best = max(ours, key=lambda item: len(_shared(item, theirs)), default=None)
                if best is None:
                    continue
                shared = _shared(best, theirs)
                differing = {name: pair for name, pair in shared.items() if (pair[0][1] ^ pair[1][1]) & _WORD}
                copied = len(shared) >= _LEAST and len(differing) * 2 <= len(shared)
                if copied and differing and (theirs.span, best.name) not in seen:
                    seen.add((theirs.span, best.name))
                    yield self._finding(best, theirs, differing, len(shared))

    def _finding(
        self, ours: Enum, theirs: Enum, differing: Mapping[str, tuple[tuple[str, int], tuple[str, int]]], count: int
    ) -> Finding:
        assert theirs.span is not None  # groups have places
        first = next(iter(differing.values()))
        more = f", and {len(differing) - 1} more" if len(differing) > 1 else ""
        name = f"enum {ours.name}" if ours.name else "the C enum"
        related = [Related(ours.span, "bpf-side", name)] if ours.span else []
        return self.finding(
            theirs.span,
            f"`{first[1][0]}` is {first[1][1]} here, `{first[0][0]}` of {name} is {first[0][1]}{more} "
            f"({count - len(differing)} other names agree)",
            subject=f"{ours.name}:{first[1][0]}", related=related,
        )  # fmt: skip


def _groups(units: Iterable[Unit]) -> Iterator[Enum]:
    seen: set[object] = set()
    for unit in units:
        for item in unit.enums:
            if item.span not in seen and len(item.values) >= _LEAST:
                seen.add(item.span)
                yield item


def _shared(ours: Enum, theirs: Enum) -> dict[str, tuple[tuple[str, int], tuple[str, int]]]:
    """The names that both groups have: in full, else after the prefix of each group."""
    full = _matched(_named(ours, ""), _named(theirs, ""))
    bare = _matched(_named(ours, _prefix(ours)), _named(theirs, _prefix(theirs)))
    return full if len(full) >= len(bare) else bare


def _matched(
    one: Mapping[str, tuple[str, int]], other: Mapping[str, tuple[str, int]]
) -> dict[str, tuple[tuple[str, int], tuple[str, int]]]:
    return {name: (one[name], other[name]) for name in one if name in other and len(name) > 2}


def _named(group: Enum, prefix: str) -> dict[str, tuple[str, int]]:
    names = [(normal_name(name).removeprefix(prefix), (name, value)) for name, value in group.values]
    counts = Counter(name for name, _ in names)
    return {name: item for name, item in names if counts[name] == 1}


def _prefix(group: Enum) -> str:
    names = [normal_name(name) for name, _ in group.values]
    shortest, longest = min(names), max(names)
    differ = (at for at, letter in enumerate(shortest) if at >= len(longest) or longest[at] != letter)
    return shortest[: next(differ, len(shortest))]
