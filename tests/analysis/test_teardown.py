"""Which fields does a teardown leave open? Hand-made methods of one type, apart from any rule."""

from __future__ import annotations

from analysis.test_typestate import at, name
from bpflint.analysis.ownership import Ownership
from bpflint.analysis.teardown import Teardown, closable_types, teardowns
from bpflint.model.flow import Block, Call, CallExpr, Function, Name, Op, Return, Select
from bpflint.model.resource import Resource

BOX = Resource(kind="box", language="go", opens=("box.New",), closes=("Close",), close="Close()", failure="never")
THING = name("t", 1)


def part(text: str) -> Select:
    return Select(Name("t", 1, storage="parameter"), text, arrow=True, owner="p.Thing")


def method(text: str, *ops: Op) -> Function:
    return Function(f"p.Thing.{text}", at(1), (THING,), (Block(ops),), method_of="Thing")


def opens(text: str, line: int) -> Call:
    return Call(CallExpr("box.New", (), span=at(line)), at(line), part(text))


def closes(text: str, line: int) -> Call:
    return Call(CallExpr("box.Box.Close", (), part(text), span=at(line)), at(line))


def found(*functions: Function) -> list[Teardown]:
    named = {item.name: item for item in functions}
    return list(teardowns(functions, Ownership("go", "user", [BOX], [], named)))


START = method("Start", opens("first", 2), opens("second", 3), Return(None, at(4)))


def test_a_field_that_nothing_closes_is_missing() -> None:
    (one,) = found(START, method("Close", closes("first", 5)))
    assert (one.closed, [item.name for item in one.missing], one.empty) == (("first",), ["second"], False)


def test_a_helper_may_close_it() -> None:
    helper = method("rest", closes("second", 6))
    call = Call(CallExpr("p.Thing.rest", (), THING, span=at(7)), at(7))
    assert found(START, helper, method("Close", closes("first", 5), call)) == []


def test_another_method_may_close_it_but_not_the_opener_on_its_way_out() -> None:
    assert found(START, method("wait", closes("second", 6)), method("Close", closes("first", 5))) == []
    half = method("Start", opens("first", 2), opens("second", 3), Return(None, at(4)), closes("second", 5))
    assert len(found(half, method("Close", closes("first", 6)))) == 1


def test_an_empty_close_closes_nothing() -> None:
    (one,) = found(START, method("Close"), method("Stop", closes("first", 5), closes("second", 6)))
    assert one.empty
    assert [item.name for item in one.missing] == ["first", "second"]


def test_a_type_without_a_teardown_is_left_alone() -> None:
    assert found(START) == []


def test_types_that_must_be_closed() -> None:
    assert closable_types([method("Close", closes("first", 5)), method("Start")]) == {("", "Thing")}
    assert closable_types([method("Close")]) == frozenset()
