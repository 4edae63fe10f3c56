"""Which reads find nothing set? Small bodies made by hand, apart from any rule; each is named by its line."""

from __future__ import annotations

import pytest

from analysis.test_typestate import at, call, name
from bpflint.analysis.unset import unset_reads
from bpflint.model.flow import (
    AddressOf,
    Assign,
    Block,
    Constant,
    Declare,
    Edge,
    Evaluate,
    Function,
    Name,
    Op,
    Unknown,
)  # fmt: skip
from bpflint.model.layout import Scalar
from bpflint.model.source import Span

INT = Scalar(names=("int",), width=32, kind="int", signed=True)


def x(line: int = 1, width: int = 1) -> Name:
    return Name("x", 1, INT, Span("f.c", line, 5, line, 5 + width), "local")


def declare() -> Op:
    return Declare(x(), at(1))


def assign(line: int) -> Op:
    return Assign(x(line), Constant(1), at(line))


def read(line: int, width: int = 1) -> Op:
    return Evaluate(x(line, width), at(line))


def lines(*blocks: Block) -> list[int]:
    return [item.span.line for item in unset_reads(Function("f", at(1), (), blocks))]


def test_a_read_on_the_only_path() -> None:
    assert lines(Block((declare(), read(2)))) == [2]


def test_the_first_read_alone() -> None:
    assert lines(Block((declare(), read(2), read(3)))) == [2]


def test_a_loop_that_sets_it_has_not_when_it_begins() -> None:
    head = Block((read(2),), (Edge(2), Edge(3)))
    assert lines(Block((declare(),), (Edge(1),)), head, Block((assign(3),), (Edge(1),)), Block(())) == [2]


def test_inside_a_loop_an_earlier_turn_may_have_set_it() -> None:
    head, body = Block((), (Edge(2), Edge(3))), Block((read(2), assign(3)), (Edge(1),))
    assert lines(Block((declare(),), (Edge(1),)), head, body, Block(())) == []


def test_one_of_two_paths_sets_it() -> None:
    fork = Block((declare(),), (Edge(1), Edge(2)))
    assert lines(fork, Block((assign(2),), (Edge(2),)), Block((read(3),))) == []


@pytest.mark.parametrize(
    "op",
    [
        assign(2),
        call("f", 2, None, AddressOf(x(2))),
        call("f", 2, x(2)),
        Evaluate(Unknown((x(2),)), at(2)),
    ],
    ids=["assignment", "its address is given away", "a result", "something not modelled"],
)
def test_set_before(op: Op) -> None:
    assert lines(Block((declare(), op, read(3)))) == []


def test_a_macros_own_mention_is_no_read() -> None:
    assert lines(Block((declare(), read(2, width=9)))) == []


def test_its_address_and_its_value_in_one_call() -> None:
    assert lines(Block((declare(), call("f", 2, None, AddressOf(x(2)), x(2))))) == []


def test_other_variables_are_left_alone() -> None:
    assert lines(Block((declare(), Evaluate(name("y", 2), at(2))))) == []
