"""Are our constants Go's? Random const blocks against go/constant, and the cases that are easy to get wrong."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from bpflint.frontends.go.values import Value
from go.constants import Constants
from go.test_go_layouts import COUNT, SEED, asked, oracle, types_of, write
from go.toolchain import GO, REASON

__all__ = ["oracle"]


def ours(folder: Path, source: str) -> dict[str, Value | None]:
    write(folder, {"m.go": source, "go.mod": "module example.com/m\n"})
    types = types_of(folder)
    package = types.workspace.package("")
    assert package is not None
    return {name: types.constants.declared(decl) for name, decl in package.constants.items()}


def equal(mine: Value, type_: str, exact: str) -> bool:
    match mine.value:
        case bool() as truth:
            return exact == str(truth).lower()
        case str() as text:
            return text.encode("utf-8", "surrogateescape").hex() == exact
        case number:
            return Fraction(number) == Fraction(exact)


def kind(value: Value) -> str:
    return value.basic or f"untyped {value.kind}"


def of_go(type_: str) -> str:
    return {"byte": "uint8", "rune": "int32"}.get(type_, type_)


@pytest.mark.skipif(GO is None, reason=REASON)
def test_random_constants_are_worth_what_go_says(tmp_path: Path, oracle: Path) -> None:
    count = COUNT * 8
    print(f"seed {SEED}, {count} constants")
    maker = Constants(SEED)
    mine = ours(tmp_path, maker.source(count))
    said = asked(oracle, tmp_path, LENIENT="1")
    valid = maker.valid(said["wrong"])
    theirs = {name: found for name, found in said["constants"].items() if name in valid}
    wrong, unknown = [], []
    for name, (type_, exact) in theirs.items():
        value = mine[name]
        if value is None:
            unknown.append((name, type_, exact))
        elif kind(value) != of_go(type_) or not equal(value, type_, exact):
            wrong.append((name, value, type_, exact))
    print(f"{len(theirs)} constants Go accepts, {len(wrong)} differ, {len(unknown)} not told")
    assert not wrong, f"{len(wrong)} of {len(theirs)} differ, first: {wrong[:6]}"
    assert len(unknown) * 50 <= len(theirs), unknown[:12]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        pytest.param("const X = iota", 0, id="iota alone"),
        pytest.param("const ( _ = iota; A; X )", 2, id="a spec without values repeats the one before"),
        pytest.param("const ( A, B = iota, 1 << iota; _, X )", 2, id="each name repeats its own expression"),
        pytest.param("const ( A = 5; B; X = iota )", 2, id="iota counts specs, not uses"),
        pytest.param("const X = -7 / 2", -3, id="division truncates towards zero"),
        pytest.param("const X = -7 % 3", -1, id="the remainder has the dividend's sign"),
        pytest.param("const X = ^uint8(1)", 254, id="the complement of a typed constant stays in its type"),
        pytest.param("const X = 7 &^ 5", 2, id="and not"),
        pytest.param("const X = 5 / 2.0", 2.5, id="one float makes the division a float's"),
        pytest.param("const X = len(\"h\u00e9\")", 3, id="len of a string counts bytes"),
        pytest.param("const X = len(T{}.f)\ntype T struct{ f [4]uint16 }", 4, id="len of an array field"),
        pytest.param("const X = uint8(256)", None, id="a constant that overflows its type is none"),
        pytest.param("const X = ^uint(0)", None, id="depends on the target"),
        pytest.param("const X = Y\nconst Y = X", None, id="declared in a circle"),
        pytest.param("const X = f()\nfunc f() int { return 1 }", None, id="a call is no constant"),
        pytest.param("const X = 1 / 0", None, id="division by zero"),
        pytest.param("const X = 1 << 100000", None, id="out of reach"),
        pytest.param("const X = 1 <", None, id="unfinished"),
        pytest.param("const iota = 4\nconst X = len(a)\nvar a [3]int", 3, id="a package variable's array"),
    ],
)  # fmt: skip
def test_one_constant(tmp_path: Path, source: str, value: int | float | None) -> None:
    found = ours(tmp_path, f"package m\n\n{source}\n").get("X")
    assert (None if found is None else found.plain()) == value


def test_a_long_chain_of_constants_is_folded_from_its_far_end(tmp_path: Path) -> None:
    chain = "".join(f"const C{number} = C{number - 1} + 1\n" for number in range(1, 3000))
    found = ours(tmp_path, f"package m\n\nconst C0 = 0\n{chain}")
    assert {name: value.plain() for name, value in found.items() if value} == {f"C{n}": n for n in range(3000)}
