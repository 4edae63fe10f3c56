"""Which rules run? The lattice, exhaustively over small sets of selectors."""

from __future__ import annotations

from itertools import product

import pytest

from bpflint.api import ConfigError
from bpflint.engine.select import Decision, Selection, Wish, make_selection, path_matches, resolve

NAMES = {"BPF101": "size-mismatch", "BPF102": "field-offset-mismatch", "BPF201": "byte-order-mixed", "XYZ001": "own"}
PREFIXES = ("", "BPF", "BPF1", "BPF101", "X")


def subsets() -> list[tuple[str, ...]]:
    return [tuple(p for p, on in zip(PREFIXES, bits, strict=True) if on) for bits in product((0, 1), repeat=5)]


def by_definition(code: str, select: tuple[str, ...], ignore: tuple[str, ...]) -> bool:
    """The rule in words: the longest prefix of both lists that fits decides, ignore where both are equally long."""
    lengths = [(len(p), 1) for p in ignore if code.startswith(p)] + [(len(p), 0) for p in select if code.startswith(p)]
    return bool(lengths) and max(lengths)[1] == 0


@pytest.mark.parametrize("code", sorted(NAMES))
def test_the_longest_prefix_wins_and_ignore_wins_a_tie(code: str) -> None:
    for select, ignore in product(subsets(), subsets()):
        got = Selection(select, ignore).decide(code).on
        assert got == by_definition(code, select, ignore), (select, ignore)


def test_by_default_every_rule_runs_implicitly() -> None:
    assert Selection().decide("BPF101") is Decision.IMPLICIT_ON
    assert Selection(ignore=("BPF1",)).decide("BPF101") is Decision.EXPLICIT_OFF
    assert Selection(("BPF2",)).decide("BPF101") is Decision.IMPLICIT_OFF
    assert Selection(("BPF2",)).decide("BPF201") is Decision.EXPLICIT_ON


@pytest.mark.parametrize(
    ("select", "persona", "runs"),
    [
        (None, "regular", False),
        (None, "pedantic", True),
        (("",), "regular", False),
        (("BPF1",), "regular", False),
        (("BPF101",), "regular", True),
        (("BPF2",), "pedantic", False),
    ],
)
def test_a_pedantic_rule_runs_for_pedants_or_by_its_full_code(
    select: tuple[str, ...] | None, persona: str, runs: bool
) -> None:
    assert Selection(select, persona=persona).runs("BPF101", "pedantic") is runs  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("word", "prefix"),
    [("ALL", ""), ("BPF101", "BPF101"), ("size-mismatch", "BPF101"), ("BPF1", "BPF1"), ("BPF", "BPF"),
     ("own", "XYZ001"), ("unused-suppression", "BPF006")],
)  # fmt: skip
def test_names_work_wherever_codes_do(word: str, prefix: str) -> None:
    selection = make_selection(
        NAMES, select=[Wish((word,), "x")], ignore=[Wish((word,), "x")], per_file=[("a.c", Wish((word,), "x"))]
    )
    assert (selection.select, selection.ignore) == ((prefix,), (prefix,))
    assert selection.per_file == (("a.c", (prefix,)),)


@pytest.mark.parametrize(
    ("word", "hint"),
    [("BPF11", "BPF101"), ("BPF999", ""), ("size-mismtch", "size-mismatch"), ("Q", ""), ("bpf101", "BPF101"), ("", "")],
)
def test_an_unknown_selector_names_its_place_and_the_nearest(word: str, hint: str) -> None:
    with pytest.raises(ConfigError, match=r"bpflint\.toml:3: unknown rule") as error:
        resolve([Wish((word,), "bpflint.toml:3")], NAMES)
    if hint:
        assert f"did you mean '{hint}'" in str(error.value)


@pytest.mark.parametrize(
    ("path", "pattern", "hit"),
    [
        ("tests/a.c", "tests/**", True),
        ("tests/a.c", "tests", True),
        ("tests/a.c", "tests/", True),
        ("src/tests/a.c", "tests", True),
        ("src/tests/a.c", "tests/**", False),
        ("src/a.bpf.c", "*.bpf.c", True),
        ("src/a.c", "src/a.c", True),
        ("src/a.c", "./src/a.c", True),
        ("src/a.c", "rc", False),
        ("src/gen/a.c", "src/*", True),
        ("a.c", "b.c", False),
    ],
)
def test_patterns_of_files(path: str, pattern: str, hit: bool) -> None:
    assert path_matches(path, pattern) is hit


def test_per_file_ignores_drop_a_code_in_some_files_only() -> None:
    selection = Selection(per_file=(("tests/**", ("BPF1",)),))
    assert selection.dropped_in("BPF101", "tests/a.c")
    assert not selection.dropped_in("BPF201", "tests/a.c")
    assert not selection.dropped_in("BPF101", "src/a.c")
