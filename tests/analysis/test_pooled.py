"""Which views of a pooled buffer escape? Hand-made bodies with one pool, apart from any rule."""

from __future__ import annotations

from analysis.test_typestate import at, name
from bpflint.analysis.pooled import escapes
from bpflint.model.flow import (
    Assign,
    Block,
    Call,
    CallExpr,
    Cast,
    Constant,
    Defer,
    Edge,
    Expr,
    Function,
    Name,
    Op,
    Return,
)

BUF, POOL = Name("buf", 1, storage="local"), name("pool", 9)
GET = Assign(BUF, Cast(CallExpr("sync.Pool.Get", (), POOL)), at(1), declares=True)
CUT = CallExpr("slice", (BUF, Constant(0), Constant(4)))


def put(line: int) -> Call:
    return Call(CallExpr("sync.Pool.Put", (BUF,), POOL), at(line))


def send(value: Expr, line: int) -> Call:
    return Call(CallExpr("chan.send", (name("events", 8), value)), at(line))


def told(*blocks: Block) -> list[tuple[str, int]]:
    function = Function("p.run", at(1), (), blocks)
    return [(item.how, item.op.span.line) for item in escapes(function, {})]


def body(*ops: Op) -> Block:
    return Block(ops)


def test_a_reslice_that_is_sent_before_or_after_the_put_escapes() -> None:
    assert told(body(GET, send(CUT, 2), put(3))) == [("sent", 2)]
    assert told(body(GET, put(2), send(CUT, 3))) == [("sent", 3)]


def test_a_deferred_put_counts_and_a_missing_one_does_not() -> None:
    deferred = Defer(CallExpr("sync.Pool.Put", (BUF,), POOL), at(2))
    assert told(body(GET, deferred, Return(CUT, at(3)))) == [("returned", 3)]
    assert told(body(GET, Return(CUT, at(3)))) == []


def test_a_copy_and_a_variable_that_gets_something_else_are_no_views() -> None:
    copied = Call(CallExpr("bytes.Clone", (CUT,)), at(2), Name("out", 2, storage="local"))
    assert told(body(GET, copied, put(3), Return(Name("out", 2, storage="local"), at(4)))) == []
    other = Call(CallExpr("make", ()), at(2), BUF)
    assert told(body(GET, put(2), other, Return(BUF, at(4)))) == []


def test_another_path_or_another_turn_puts_another_buffer_back() -> None:
    turn = (Block((GET,), (Edge(1), Edge(2))), Block((put(2),), (Edge(0),)), Block((send(CUT, 3),), (Edge(0),)))
    assert told(*turn) == []
