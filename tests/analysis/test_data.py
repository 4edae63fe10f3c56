"""Are our classes what dataclasses of the standard library would be? Every feature in use, side by side."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field, fields, is_dataclass, replace
from typing import Any, ClassVar
from weakref import ref

import pytest

from bpflint.model import data
from bpflint.model.flow import Binary, Constant, Name
from bpflint.model.layout import Codec, RecordDecl
from bpflint.model.source import Span

Decorator = Callable[..., Any]


def classes(dataclass: Decorator) -> dict[str, Any]:
    @dataclass(frozen=True, slots=True, order=True)
    class Item:
        first: str
        second: int = 7
        third: tuple[int, ...] = ()

        @property
        def both(self) -> str:
            return f"{self.first}{self.second}"

    @dataclass(slots=True)
    class Open:
        name: str
        found: list[str] = field(default_factory=list)
        hidden: int = field(default=3, init=False)
        made: dict[str, int] = field(default_factory=dict, init=False, repr=False)

        def __post_init__(self) -> None:
            self.hidden += len(self.name)

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Named:
        kind: ClassVar[str] = "k"
        a: int
        b: tuple[str, ...] = ()

    @dataclass(frozen=True, slots=True, eq=False)
    class Same:
        a: int

    @dataclass(frozen=True, slots=True, weakref_slot=True)
    class Weak:
        a: int

        def __str__(self) -> str:
            return f"<{self.a}>"

    @dataclass
    class Loose:
        a: int = 1
        b: str = field(default="x", compare=False)

    @dataclass(frozen=True, slots=True)
    class Nothing:
        pass

    return {kind.__name__: kind for kind in (Item, Open, Named, Same, Weak, Loose, Nothing)}


OURS, THEIRS = classes(data._dataclass), classes(dataclasses.dataclass)
CASES: list[tuple[str, tuple[object, ...], dict[str, object]]] = [
    ("Item", ("a",), {}), ("Item", ("a", 2), {"third": (1, 2)}), ("Open", ("name",), {}), ("Open", ("n", ["x"]), {}),
    ("Named", (), {"a": 1}), ("Named", (), {"b": ("q",), "a": 2}), ("Weak", (1,), {}), ("Loose", (), {}),
    ("Loose", (), {"b": "y"}), ("Nothing", (), {}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "args", "named"), CASES)
def test_what_is_made_reads_compares_and_hashes_alike(
    name: str, args: tuple[object, ...], named: dict[str, object]
) -> None:
    ours, theirs = OURS[name](*args, **named), THEIRS[name](*args, **named)
    assert repr(ours) == repr(theirs)
    assert str(ours) == str(theirs)
    assert ours == OURS[name](*args, **named)
    assert (ours == theirs, ours != ours) == (False, False)
    assert [item.name for item in fields(ours)] == [item.name for item in fields(theirs)]
    names = [item.name for item in fields(ours)]
    assert [getattr(ours, item) for item in names] == [getattr(theirs, item) for item in names]
    assert is_dataclass(ours)
    assert OURS[name].__match_args__ == THEIRS[name].__match_args__
    if THEIRS[name].__hash__ is None:
        assert OURS[name].__hash__ is None
    else:
        assert hash(ours) == hash(theirs)


@pytest.mark.parametrize("name", ["Item", "Open", "Named", "Same", "Weak"])
def test_arguments_that_do_not_fit_are_refused(name: str) -> None:
    for args, named in (((), {}), ((1,) * 9, {}), ((), {"nobody": 1})):
        with pytest.raises(TypeError):
            OURS[name](*args, **named)


def test_order_frozenness_identity_and_weak_references() -> None:
    item = OURS["Item"]
    assert sorted([item("b"), item("a", 2), item("a", 1)]) == [item("a", 1), item("a", 2), item("b")]
    with pytest.raises(TypeError):
        assert item("a") < 3
    with pytest.raises(FrozenInstanceError):
        item("a").first = "b"
    with pytest.raises(FrozenInstanceError):
        del item("a").first
    same = OURS["Same"]
    assert same(1) != same(1)
    assert len({same(1), same(1)}) == 2
    weak = OURS["Weak"](1)
    assert ref(weak)() is weak
    assert replace(item("a"), second=1) == item("a", 1)
    opened = OURS["Open"]("x")
    opened.name = "y"
    assert opened.found is not OURS["Open"]("x").found
    match item("a", 4):
        case OURS_ITEM if OURS_ITEM.both == "a4":
            pass
        case _:
            pytest.fail("properties stay")


def test_it_comes_back_from_a_worker_as_it_went() -> None:
    span = Span("a.go", 3, 2)
    record = RecordDecl("event", "struct", (), "go", Codec.GO, span)
    left, right = Name("e", 1, record, span, "local"), Constant(4, None, span)
    back = pickle.loads(pickle.dumps(Binary("+", left, right, record, span)))
    assert isinstance(back, Binary)
    assert isinstance(back.left, Name)
    assert back.span == span
    assert back.left.span is back.span
    assert back.left.type is back.type
    assert repr(back) == repr(Binary("+", left, right, record, span))


def test_an_end_that_is_not_given_is_the_start() -> None:
    assert Span("a", 3, 2) == Span("a", 3, 2, 3, 2)
    assert replace(Span("a", 3, 2), line=4, end_line=0, end_column=0) == Span("a", 4, 2)
