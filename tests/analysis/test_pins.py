"""Which pins does a teardown leave behind? Hand-made methods of one type, apart from any rule."""

from __future__ import annotations

from analysis.test_teardown import BOX, THING, method, part
from analysis.test_typestate import at
from bpflint.analysis.ownership import Ownership
from bpflint.analysis.pins import left_pins
from bpflint.model.flow import Assign, Call, CallExpr, Expr, Function, Name, Select
from bpflint.model.resource import Conduct

CONDUCT = Conduct(language="go", pins=("box.Box.Pin",), unpins=("Unpin",), reopens=("LoadPinned*",))
CLOSE = method("Close", Call(CallExpr("box.Box.Close", (), part("first"), span=at(9)), at(9)))


def pin(what: Expr, line: int = 2) -> Call:
    return Call(CallExpr("box.Box.Pin", (), what, span=at(line)), at(line))


def found(*functions: Function) -> list[tuple[str, str]]:
    owner = Ownership("go", "user", [BOX], [CONDUCT], {item.name: item for item in functions})
    return [item.place for item in left_pins(functions, owner)]


def test_a_pinned_field_that_close_closes_is_left() -> None:
    assert found(method("Start", pin(part("first"))), CLOSE) == [("Thing", "first")]


def test_a_part_of_a_field_and_a_local_that_goes_into_one_are_the_field() -> None:
    inner = Select(part("first"), "Counts", owner="p.Objects")
    assert found(method("Start", pin(inner)), CLOSE) == [("Thing", "first")]
    local = Name("m", 7, storage="local")
    stored = method("Start", pin(local), Assign(part("first"), local, at(3)))
    assert found(stored, CLOSE) == [("Thing", "first")]


def test_another_field_or_no_teardown_leaves_nothing() -> None:
    assert found(method("Start", pin(part("second"))), CLOSE) == []
    assert found(method("Start", pin(part("first")))) == []


def test_whoever_unpins_or_reopens_looks_after_its_pins() -> None:
    start = method("Start", pin(part("first")))
    for callee in ("box.Box.Unpin", "box.LoadPinnedBox"):
        call = Call(CallExpr(callee, (), THING, span=at(5)), at(5))
        assert found(start, method("Rest", call), CLOSE) == []
