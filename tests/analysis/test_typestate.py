"""Does the walk follow the right paths? Bodies made by hand, apart from any rule."""

from __future__ import annotations

from bpflint.analysis.typestate import NEGATIVE, POSITIVE, ZERO, Body, comes_back, follow, meaning, place_of
from bpflint.model.flow import (
    Assign,
    Binary,
    Block,
    Call,
    CallExpr,
    Constant,
    Deref,
    Edge,
    Expr,
    Function,
    Index,
    Name,
    Op,
    Return,
    Select,
    Test,
    Unary,
)  # fmt: skip
from bpflint.model.layout import Opaque
from bpflint.model.source import Span

ERROR = Opaque("error", "an interface")


def at(line: int) -> Span:
    return Span("a.c", line, 1, line, 2)


def name(text: str, decl: int) -> Name:
    return Name(text, decl, storage="local")


X, FLAG = name("x", 1), name("flag", 2)


def call(callee: str, line: int, result: Expr | None = None, *args: Expr) -> Call:
    return Call(CallExpr(callee, args, span=at(line)), at(line), result)


def body(*blocks: Block) -> Body:
    return Body(Function("f", at(1), (), blocks))


def closes(op: Op) -> str | None:
    return "close" if isinstance(op, Call) and op.call.callee == "close" else None


def hows(made: Body, **given: object) -> set[tuple[str, int]]:
    return {(end.how, end.span.line) for end in follow(made, 0, 1, closes, **given)}  # type: ignore[arg-type]


def test_both_ways_of_a_test_are_walked() -> None:
    made = body(
        Block((call("open", 1, X),), (Edge(1, Test(FLAG, "true")), Edge(2, Test(FLAG, "false")))),
        Block((call("close", 2, None, X), Return(None, at(3)))),
        Block((Return(None, at(4)),)),
    )
    assert hows(made) == {("close", 2), ("left", 4)}


def test_a_path_without_the_state_gives_no_end() -> None:
    made = body(
        Block((call("open", 1, X),), (Edge(1, Test(X, "null")), Edge(2, Test(X, "nonnull")))),
        Block((Return(None, at(2)),)),
        Block((call("close", 3, None, X),)),
    )
    assert hows(made, absent=[((1,), ZERO)]) == {("close", 3)}


def test_a_test_that_is_asked_twice_has_one_answer() -> None:
    twice = Test(FLAG, "true"), Test(FLAG, "false")
    made = body(
        Block((call("open", 1, X),), (Edge(1, twice[0]), Edge(2, twice[1]))),
        Block((call("close", 2, None, X),)),
        Block((), (Edge(3, twice[0]), Edge(4, twice[1]))),
        Block((Return(None, at(5)),)),
        Block((Return(None, at(6)),)),
    )
    assert hows(made) == {("close", 2), ("left", 6)}


def test_what_is_written_is_no_longer_known() -> None:
    twice = Test(FLAG, "true"), Test(FLAG, "false")
    made = body(
        Block((call("open", 1, X),), (Edge(1, twice[0]), Edge(2, twice[1]))),
        Block((call("close", 2, None, X),)),
        Block((call("again", 3, FLAG),), (Edge(3, twice[0]), Edge(4, twice[1]))),
        Block((Return(None, at(5)),)),
        Block((Return(None, at(6)),)),
    )
    assert hows(made) == {("close", 2), ("left", 5), ("left", 6)}


def test_a_constant_decides_the_test_behind_it() -> None:
    made = body(
        Block((call("open", 1, X), Assign(FLAG, Constant(0), at(2))), (Edge(1),)),
        Block((), (Edge(2, Test(FLAG, "true")), Edge(3, Test(FLAG, "false")))),
        Block((call("close", 3, None, X),)),
        Block((Return(None, at(4)),)),
    )
    assert hows(made) == {("left", 4)}


def test_the_tests_before_the_start_are_known() -> None:
    twice = Test(FLAG, "true"), Test(FLAG, "false")
    made = body(
        Block((), (Edge(1, twice[0]), Edge(2, twice[1]))),
        Block((call("open", 1, X),), (Edge(2),)),
        Block((), (Edge(3, twice[0]), Edge(4, twice[1]))),
        Block((call("close", 3, None, X),)),
        Block((Return(None, at(4)),)),
    )
    assert {end.how for end in follow(made, 1, 1, closes)} == {"close"}


def test_a_variable_that_holds_the_test_stands_for_it() -> None:
    failed = name("failed", 3)
    made = body(
        Block((call("open", 1, X), Assign(failed, Unary("!", Name("x", 1, storage="local")), at(2))), (Edge(1),)),
        Block((), (Edge(2, Test(failed, "true")), Edge(3, Test(failed, "false")))),
        Block((Return(None, at(3)),)),
        Block((call("close", 4, None, X),)),
    )
    assert hows(made, absent=[((1,), ZERO)]) == {("close", 4)}


def test_a_loop_is_left_in_the_end() -> None:
    made = body(
        Block((call("open", 1, X),), (Edge(1),)),
        Block((), (Edge(1, Test(FLAG, "true")), Edge(2, Test(FLAG, "false")))),
        Block((Return(None, at(3)),)),
    )
    assert hows(made) == {("left", 3)}
    assert comes_back(made.function, 1)
    assert not comes_back(made.function, 0)


def test_places() -> None:
    field = Select(Deref(Name("t", 4)), "link", arrow=True)
    assert place_of(field) == (4, "link")
    assert place_of(Index(Name("all", 5), Constant(3))) == (5, "[]")
    assert place_of(Name("_", 0)) is None
    assert place_of(CallExpr("f", ())) is None


def test_what_comparisons_tell() -> None:
    fd = name("fd", 7)
    minus = Binary("==", fd, Unary("-", Constant(1)))
    assert meaning(Test(minus, "true")) == ((7,), NEGATIVE)
    assert meaning(Test(Binary(">", fd, Constant(0)), "false")) == ((7,), NEGATIVE | ZERO)
    assert meaning(Test(Name("err", 8, ERROR), "error")) == ((8,), NEGATIVE | POSITIVE)
    assert meaning(Test(fd, "error")) == ((7,), NEGATIVE)
