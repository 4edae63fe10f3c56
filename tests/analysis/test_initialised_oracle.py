"""Are the engine's verdicts the kernel's? Random programs, run with two poisoned stacks for every way through them."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from analysis.programs import HEAD, Program, programs
from bpflint.analysis.initialised import Reach, all_reaches
from bpflint.api import Job, Settings, abi, facts
from bpflint.frontends.c.unit import load_unit
from bpflint.headers import include_dirs
from support.bpf import Objects, Poisoner, Rejected, differing, require, store

COUNT = int(os.environ.get("BPFLINT_INITIALISED", "30"))
SEED = int(os.environ.get("BPFLINT_SEED", "20261126"))
BATCH = 10
CLANG = shutil.which("clang-19") or ""


@dataclass(frozen=True)
class Case:
    """One program with our verdict, and the bits that the kernel saw differ for each way through it."""

    program: Program
    reach: Reach
    exact: Sequence[int] | None
    """Built with volatile accesses: every write stays what it is in the source."""
    plain: Sequence[int] | None
    """Built as anybody would, with -O2. None: the verifier saw that a register was never set, and took it not."""


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Case]]:
    require()
    if not CLANG:
        pytest.skip("clang-19 is not installed")
    made = programs(SEED, COUNT)
    poisoner = Poisoner(0xA5, 0x5A)
    folder = tmp_path_factory.mktemp("programs")
    yield [
        case for start in range(0, COUNT, BATCH)
        for case in _batch(made[start : start + BATCH], folder, start, poisoner)
    ]  # fmt: skip
    poisoner.close()


def _batch(batch: Sequence[Program], folder: Path, start: int, poisoner: Poisoner) -> Iterator[Case]:
    source = folder / f"batch{start}.bpf.c"
    source.write_text(HEAD + "".join(item.text for item in batch))
    unit = load_unit(Job("c", source.name, "bpf", files=(source.name,)), Settings(root=folder)).units[0]
    assert not unit.problems
    found = all_reaches(unit.functions, unit.maps, facts.memory_calls(), abi("bpfel")).found
    reaches = {item.map: item for item in found
               if item.role == "key" and item.object.name.name == "k"}  # fmt: skip
    seen = [_on_kernel(source, batch, reaches, option, poisoner) for option in (("-DVOLATILE=volatile",), ())]
    for item, exact, plain in zip(batch, *seen, strict=True):
        yield Case(item, reaches["seen" + item.name[1:]], exact, plain)


def _on_kernel(
    source: Path, batch: Sequence[Program], reaches: dict[str, Reach], options: Sequence[str], poisoner: Poisoner
) -> list[list[int] | None]:  # fmt: skip
    """The bits that differ, for each program and each setting of the three conditions."""
    built = source.with_suffix(".o")
    includes = [part for path in include_dirs("bpf") for part in ("-isystem", str(path))]
    subprocess.run(
        [CLANG, "-O2", "-g", "-target", "bpfel", "-nostdinc", *includes, *options, "-c", source, "-o", built],
        check=True, capture_output=True,
    )  # fmt: skip
    return [_runs(built, item, reaches["seen" + item.name[1:]], poisoner) for item in batch]


def _runs(built: Path, program: Program, reach: Reach, poisoner: Poisoner) -> list[int] | None:
    try:
        with Objects(built, program.name) as loaded:
            return [_differ(loaded, program, bits, reach, poisoner) for bits in range(8)]
    except Rejected as rejected:  # a copy of what nobody wrote, which clang left in a register that nobody set
        if not any(words in str(rejected) for words in ("!read_ok", "invalid size of register spill")):
            raise
        return None


def _differ(loaded: Objects, program: Program, bits: int, reach: Reach, poisoner: Poisoner) -> int:
    text = b"text\0" + bytes(number % 251 for number in range(1, 508))
    store(loaded.map("inputs"), struct.pack("=I", 0), struct.pack("=II", bits, 0) + text)
    number = program.name[1:]
    found = differing(poisoner, loaded.program(program.name), loaded.map("seen" + number), reach.object.size // 8)
    assert found is not None, "the key was not stored"
    return found


def _shown(case: Case) -> str:
    reach = case.reach
    rows = (("certain", reach.certain), ("missing", _plainly_missing(reach)), ("never", reach.never),
            ("volatile", _some(case.exact)), ("-O2", _some(case.plain)))  # fmt: skip
    return case.program.text + "".join(f"{name:9}{bits:0{reach.object.size // 4}x}\n" for name, bits in rows)


def _plainly_missing(reach: Reach) -> int:
    """Bits that no write of the source touches: what a compiler or a string may set is left out."""
    return reach.sometimes & ~reach.loose & ~reach.text


def _some(found: Sequence[int] | None) -> int:
    bits = 0
    for item in found or ():
        bits |= item
    return bits


def _every(found: Sequence[int]) -> int:
    bits = -1
    for item in found:
        bits &= item
    return bits


def test_what_is_written_on_every_path_differs_on_none(cases: list[Case]) -> None:
    wrong = [case for case in cases if case.reach.certain & (_some(case.exact) | _some(case.plain))]
    assert not wrong, _shown(wrong[0])


def test_what_some_path_leaves_out_differs_there(cases: list[Case]) -> None:
    wrong = [case for case in cases if case.exact and _plainly_missing(case.reach) & ~_some(case.exact)]
    assert not wrong, _shown(wrong[0])


def test_what_no_path_writes_differs_on_all(cases: list[Case]) -> None:
    ran = [(case, case.exact) for case in cases if case.exact]
    wrong = [case for case, exact in ran if _plainly_missing(case.reach) & case.reach.never & ~_every(exact)]
    assert not wrong, _shown(wrong[0])


def test_what_the_verifier_rejects_has_something_missing(cases: list[Case]) -> None:
    wrong = [case for case in cases if None in (case.exact, case.plain) and not case.reach.sometimes]
    assert not wrong, _shown(wrong[0])


def test_the_verdict_is_seldom_open(cases: list[Case]) -> None:
    """What the optimiser sets besides is counted, not judged."""
    count = Counter[str]()
    for case in cases:
        reach, missing = case.reach, _plainly_missing(case.reach)
        whole = (1 << reach.object.size) - 1
        merged = missing & ~_some(case.plain) if case.plain else 0
        count.update({
            "programs": 1, "rejected with -O2": case.plain is None, "rejected with volatile": case.exact is None,
            "with something missing": bool(missing), "where -O2 sets some of it": bool(merged),
            "bits": reach.object.size, "bits certain": reach.certain.bit_count(), "bits missing": missing.bit_count(),
            "bits missing that -O2 sets": merged.bit_count(), "bits behind a NUL": reach.text.bit_count(),
            "bits left to the compiler": reach.loose.bit_count(),
            "bits left to the compiler that differ": (reach.loose & _some(case.plain)).bit_count(),
            "bits open": (whole & ~reach.certain & ~reach.sometimes).bit_count(),
        })  # fmt: skip
    print(dict(count))
    assert count["bits open"] <= count["bits"] // 20
