"""Which assignments reach a place? Small bodies made by hand, apart from any rule; each is named by its line."""

from __future__ import annotations

import pytest

from analysis.test_typestate import at, call, name
from bpflint.analysis.assignments import assignments_to
from bpflint.model.flow import (
    AddressOf,
    Aggregate,
    Assign,
    Binary,
    Block,
    Constant,
    Deref,
    Edge,
    Expr,
    Function,
    Index,
    Op,
    Select,
    Update,
)  # fmt: skip

X, Y, ONE = name("x", 1), name("y", 2), Constant(1)
PART = Select(X, "n")


def assign(line: int, value: Expr = ONE, target: Expr = X) -> Op:
    return Assign(target, value, at(line))


def reaching(*blocks: Block, fills: str = "") -> list[tuple[int, bool]]:
    """Line and wholeness of what reaches the end of the last block."""
    end = len(blocks) - 1
    found = assignments_to(
        X, Function("f", at(1), (), blocks), end, len(blocks[end].ops),
        lambda op: bool(fills) and getattr(getattr(op, "call", None), "callee", "") == fills,
    )  # fmt: skip
    return [(item.op.span.line, item.whole) for item in found]


def test_a_whole_assignment_hides_what_came_before_it() -> None:
    assert reaching(Block((assign(1), assign(2, target=PART), assign(3)))) == [(3, True)]
    assert reaching(Block((assign(1), call("g", 2, X)))) == [(2, True)]


@pytest.mark.parametrize(
    "later",
    [
        assign(2, target=PART),
        assign(2, target=Index(PART, Y)),
        assign(2, target=Deref(X)),
        assign(2, Binary("+", X, ONE)),
        Update(X, "+=", ONE, at(2)),
        Update(PART, "|=", Y, at(2)),
    ],
)
def test_a_part_and_what_is_made_of_the_old_value_keep_it(later: Op) -> None:
    assert reaching(Block((assign(1), later))) == [(1, True), (2, False)]


def test_each_path_brings_its_own() -> None:
    fork = Block((assign(1),), (Edge(1), Edge(2)))
    assert reaching(fork, Block((assign(2),), (Edge(2),)), Block(())) == [(1, True), (2, True)]
    assert reaching(fork, Block((assign(2),)), Block(())) == [(1, True)]


def test_the_last_round_of_a_loop_reaches_the_next() -> None:
    loop = Block((), (Edge(2), Edge(1)))
    rounds = Block((assign(3, target=PART),), (Edge(0),))
    assert reaching(loop, rounds, Block(())) == [(3, False)]
    assert reaching(Block((assign(1), assign(2, target=PART)), (Edge(0), Edge(1))), Block(())) == [
        (1, True), (2, False),
    ]  # fmt: skip


def test_what_stands_behind_the_place_comes_by_a_loop_only() -> None:
    function = Function("f", at(1), (), (Block((assign(1), assign(2))),))
    assert [item.op.span.line for item in assignments_to(X, function, 0, 1)] == [1]
    again = Function("f", at(1), (), (Block((assign(1, target=PART), assign(2)), (Edge(0),)),))
    assert [item.op.span.line for item in assignments_to(X, again, 0, 1)] == [1, 2]


def test_a_call_that_fills_the_local_counts_as_a_whole_assignment() -> None:
    ops = (assign(1, target=PART), call("lookup", 2, None, AddressOf(X)), assign(3, target=PART))
    assert reaching(Block(ops)) == [(1, False), (3, False)]
    assert reaching(Block(ops), fills="lookup") == [(2, True), (3, False)]


def test_one_of_several_results_is_an_assignment_and_another_variable_is_none() -> None:
    assert reaching(Block((assign(1), call("g", 2, Aggregate((("", X), ("", Y))))))) == [(2, True)]
    assert reaching(Block((assign(1), assign(2, X, target=Y), Update(Y, "+=", X, at(3))))) == [(1, True)]
