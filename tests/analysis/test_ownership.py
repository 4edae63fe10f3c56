"""Who holds what? Hand-made bodies, and a table of resources that a test makes up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analysis.test_typestate import X, at, call, name
from bpflint import facts
from bpflint.analysis.ownership import Ownership
from bpflint.model.flow import (
    AddressOf,
    Aggregate,
    Assign,
    Block,
    CallExpr,
    Defer,
    Edge,
    Function,
    Name,
    Op,
    Return,
    Select,
    Test,
)
from bpflint.model.resource import Resource

BOX = Resource(kind="box", language="c", opens=("box_new",), closes=("box_free",), close="box_free")
STRUCT = name("owner", 9)


def made(*ops: Op, name: str = "f", params: tuple[Name, ...] = ()) -> Function:
    return Function(name, at(1), params, (Block(ops),))


def owner(resource: Resource, functions: Mapping[str, Function] | None = None) -> Ownership:
    return Ownership("c", resource.side, [resource], [], functions or {})


def ends(function: Function, resource: Resource = BOX, functions: Mapping[str, Function] | None = None) -> list[str]:
    return [end.how for held in owner(resource, functions).held(function) for end in held.ends]


def test_what_happens_to_a_box() -> None:
    new = call("box_new", 1, X)
    assert ends(made(new, Return(None, at(2)))) == ["left"]
    assert ends(made(new, call("box_free", 2, None, X))) == ["close"]
    assert ends(made(new, Defer(CallExpr("box_free", (X,)), at(2)))) == ["close"]
    assert ends(made(new, Return(X, at(2)))) == ["keep"]
    assert ends(made(new, Assign(Select(STRUCT, "box"), X, at(2)))) == ["keep"]
    assert ends(made(new, Return(AddressOf(Aggregate((("box", X),))), at(2)))) == ["keep"]
    assert ends(made(new, call("somebody", 2, None, X))) == ["unknown"]
    assert ends(made(new, call("box_new", 2, X)))[0] == "lost"


def test_a_failed_opener_holds_nothing() -> None:
    tests = Edge(1, Test(X, "null")), Edge(2, Test(X, "nonnull"))
    function = Function("f", at(1), (), (
        Block((call("box_new", 1, X),), tests), Block((Return(None, at(2)),)), Block((call("box_free", 3, None, X),)),
    ))  # fmt: skip
    assert ends(function) == ["close"]


def test_helpers_are_looked_into() -> None:
    given = name("given", 1)
    functions = {
        "drop": made(call("box_free", 1, None, given), name="drop", params=(given,)),
        "look": made(Return(None, at(1)), name="look", params=(given,)),
        "take": made(Assign(Select(STRUCT, "box"), given, at(1)), name="take", params=(given,)),
        "fetch": made(call("box_new", 1, X), Return(X, at(2)), name="fetch"),
    }
    new = call("box_new", 1, X)
    assert ends(made(new, call("drop", 2, None, X)), functions=functions) == ["close"]
    assert ends(made(new, call("look", 2, None, X)), functions=functions) == ["left"]
    assert ends(made(new, call("take", 2, None, X)), functions=functions) == ["keep"]
    assert ends(made(call("fetch", 1, X), Return(None, at(2))), functions=functions) == ["left"]


def test_another_pair_of_kernel_functions_is_two_names_in_the_table() -> None:
    """`bpf_obj_new` and `bpf_obj_drop` become a reservation by one name in each list."""
    reservation = next(item for item in facts.resources() if item.kind == "reservation")
    function = made(call("bpf_obj_new", 1, X), Return(None, at(2)))
    assert ends(function, reservation) == []
    grown = replace(
        reservation,
        opens=(*reservation.opens, "bpf_obj_new"),
        closes=(*reservation.closes, "bpf_obj_drop"),
    )
    assert ends(function, grown) == ["left"]
    assert ends(made(call("bpf_obj_new", 1, X), call("bpf_obj_drop", 2, None, X)), grown) == ["close"]


def test_a_lock_stays_a_lock_whoever_uses_what_it_guards() -> None:
    lock = Resource(kind="lock", language="c", opens=("lock",), closes=("unlock",), close="unlock", failure="never",
                    argument=0, guard=True)  # fmt: skip
    guarded = AddressOf(Select(STRUCT, "lock"))
    taken = call("lock", 1, None, guarded)
    assert ends(made(taken, call("use", 2, None, STRUCT), call("unlock", 3, None, guarded)), lock) == ["close"]
    assert ends(made(taken, call("use", 2, None, STRUCT), Return(None, at(3))), lock) == ["left"]
