"""Which blocks does control come to whatever a switch says? In small graphs from block 0 to the last one."""

from __future__ import annotations

import pytest

from bpflint.analysis.guarded import Guards
from bpflint.model.flow import Block, Edge, Expr, Function, Name, Test
from bpflint.model.source import Span

_SPAN = Span("a.c", 1, 1, 1, 2)


def certain(*ways: str) -> frozenset[int]:
    """Return the certain blocks of a graph; `s:1,2` leaves its block by a switch, `1,2` by any other test."""
    blocks = []
    for way in ways:
        name, _, to = way.rpartition(":")
        numbers = [int(item) for item in to.split(",") if item]
        tests = [Test(Name(name or "found"), outcome) for outcome in ("true", "false")]
        several = len(numbers) > 1
        blocks.append(Block((), tuple(Edge(n, tests[i] if several else None) for i, n in enumerate(numbers))))
    function = Function("f", _SPAN, (), tuple(blocks))
    return Guards([function], ()).certain(function, _is_switch).blocks


def _is_switch(test: Expr) -> bool:
    return isinstance(test, Name) and test.name == "s"


@pytest.mark.parametrize(
    "ways",
    [
        ("1,2", "", ""),
        ("s:1,2", "2", ""),
        ("s:1,2", "3,4", "4", "", ""),
        ("1", "s:2,3", "1", ""),  # a loop whose end a switch decides: it ends
        ("s:1,2", "2", "1,3", ""),
    ],
)
def test_the_last_block_is_reached_whatever_the_switch_says(ways: tuple[str, ...]) -> None:
    assert len(ways) - 1 in certain(*ways)


@pytest.mark.parametrize(
    "ways",
    [
        ("s:1,2", "", ""),
        ("s:1,2", "", "3", ""),
        ("s:1,2", "s:3,4", "s:4,3", "", ""),  # each answer of each test leaves a way, both together do not
        ("s:1,2", "1,3", "s:3,4", "", ""),
        ("1,3", "s:2,4", "", "", ""),
        ("", ""),
    ],
)
def test_the_last_block_is_kept_away_by_some_answers(ways: tuple[str, ...]) -> None:
    assert len(ways) - 1 not in certain(*ways)
