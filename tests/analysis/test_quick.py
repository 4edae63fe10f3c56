"""Are quickly filled objects like those of a plain dataclass? Signature, defaults, equality, and the way by pickle."""

from __future__ import annotations

import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, replace

import pytest

from bpflint.model.flow import Binary, Constant, Name
from bpflint.model.layout import Codec, RecordDecl
from bpflint.model.quick import quick
from bpflint.model.source import Span


@dataclass(frozen=True, slots=True, order=True)
class Plain:
    first: str
    second: int = 7
    third: tuple[int, ...] = ()
    fourth: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "fourth", self.fourth or self.second)


@dataclass(frozen=True, slots=True, order=True)
class Quick:
    first: str
    second: int = 7
    third: tuple[int, ...] = ()
    fourth: int = 0


quick(Quick, same={"fourth": "second"})


def test_the_signature_is_that_of_the_dataclass() -> None:
    assert inspect.signature(Quick) == inspect.signature(Plain)
    with pytest.raises(TypeError, match="first"):
        Quick()  # type: ignore[call-arg]


@pytest.mark.parametrize("given", [{}, {"second": -1}, {"second": 3, "third": (1, 2)}, {"fourth": 4}])
def test_what_is_made_reads_compares_and_hashes_alike(given: dict[str, object]) -> None:
    plain, made = Plain("a", **given), Quick("a", **given)  # type: ignore[arg-type]
    assert repr(made).replace("Quick", "Plain") == repr(plain)
    assert hash(made) == hash(plain)
    assert made == Quick("a", **given)  # type: ignore[arg-type]
    assert replace(made, second=-5, fourth=0) == Quick("a", -5, made.third, -5)


def test_it_stays_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Quick("a").first = "b"  # type: ignore[misc]


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
