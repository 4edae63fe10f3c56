"""Does a record come back as it was, do metrics say what was measured, and is growth told from noise? (BPF802)"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpflint.api import ConfigError, Program, Span, Unit
from bpflint.check.jobs import Answers, Batch, Facts, Job
from bpflint.check.programs import Loading, grown
from bpflint.check.record import counts_before, document, keep, metrics, text_of
from bpflint.check.run import Checked, Machine, Session, told
from bpflint.model.verdict import Kernel
from bpflint_rules.bpf802_complexity_regression import ComplexityRegression

_KERNEL, _OTHER = Kernel("x86_64", "6.1.192"), Kernel("x86_64", "6.12.107")
_PROGRAM = Program("count", "xdp", Span('a"b.bpf.c', 12, 5))
_UNIT = Unit('a"b.bpf.c', "c", "bpf", programs=(_PROGRAM,))
_BEGAN = datetime(2026, 11, 26, 4, 15, 30, tzinfo=UTC)


def _loading(count: int | None, kernel: Kernel = _KERNEL, error: str = "") -> Loading:
    log = "" if count is None else f"verification time 90 usec\nprocessed {count} insns (limit 1000000)\n"
    return Loading(_UNIT, _PROGRAM, kernel, {"errno": error, "log": log, "said": [], "seconds": 0.00009})


def _checked(*loadings: Loading) -> Checked:
    class Runner:
        def run(self, batch: Batch) -> Answers:
            raise NotImplementedError

    job = Job("load", {"object": "0.o", "program": "count"})
    answers = Answers({"release": "6.1.192"}, tuple(item.answer for item in loadings))
    batch = Batch((job,) * len(loadings), {"0.o": b"\x7fELF"})
    return Checked((), loadings, (), (), (), (Session(Machine(_KERNEL, Runner(), True), batch, answers),))


def _record(*loadings: Loading) -> Facts:
    return document(_checked(*loadings), "clang", _BEGAN)


def test_it_is_told_which_kernels_were_asked_and_about_what() -> None:
    assert told(_checked(_loading(4000))) == "asked x86_64:6.1.192 about 1 program"
    assert told(_checked()).startswith("no kernel was asked")
    ran = replace(_checked(_loading(4000), _loading(10)), commands=((_KERNEL, {"status": 0}),))
    assert told(ran) == "asked x86_64:6.1.192 about 1 program; the loader was run"


def test_counts_come_back_by_path_program_and_kernel(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    loadings = (_loading(4000), _loading(5000, _OTHER), _loading(None, Kernel("s390x", "6.12.107")))
    path.write_text(text_of(_record(*loadings)), encoding="utf-8")
    key = (_UNIT.path, "count")
    assert counts_before(path) == {(*key, "x86_64:6.1.192"): 4000, (*key, "x86_64:6.12.107"): 5000}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"programs": [1]}', '{"programs": [{"path": "a"}]}'])
def test_what_is_no_record_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="is no record"):
        counts_before(tmp_path / "x.json")
    with pytest.raises(ConfigError, match="cannot be read"):
        counts_before(tmp_path / "y.json")


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        (4000, 5001, True), (4000, 5000, False), (4000, 3000, False), (4000, None, False),
        (100, 999, False),  # below a thousand nobody waits for the verifier
        (100, 1000, True), (None, 90_000, False),
    ],
)  # fmt: skip
def test_growth_is_told_from_a_quarter_and_a_thousand_on(was: int | None, now: int | None, told: bool) -> None:
    before = {} if was is None else {(_UNIT.path, "count", str(_KERNEL)): was}
    found = list(grown(ComplexityRegression(), [_loading(now)], before))
    assert [item.span for item in found] == ([_PROGRAM.span] if told else [])


def test_growth_names_kernel_and_numbers_and_a_refused_program_does_not_grow() -> None:
    before = {(_UNIT.path, "count", str(_KERNEL)): 4000}
    (found,) = grown(ComplexityRegression(), [_loading(6000), _loading(9000, _OTHER)], before)
    assert found.code == "BPF802"
    assert found.message == "`count` takes the verifier of x86_64:6.1.192 6000 instructions, 4000 before (+50 %)"
    assert list(grown(ComplexityRegression(), [_loading(6000, error="EACCES")], before)) == []


def test_metrics_are_open_metrics_with_quoted_labels() -> None:
    text = metrics(_checked(_loading(4000), _loading(None, _OTHER)))
    labels = '{path="a\\"b.bpf.c",program="count",kernel="x86_64:6.1.192"}'
    assert f"bpflint_load_seconds{labels} 0.000090\n" in text
    assert f"bpflint_verified_instructions{labels} 4000\n" in text
    assert text.count("\nbpflint_verified_instructions{") == 1
    assert text.endswith("# EOF\n")


def test_a_record_holds_hashes_and_answers_and_only_the_last_fifty_are_kept(tmp_path: Path) -> None:
    record = _record(_loading(4000), _loading(10, error="EACCES"))
    (session,) = record["kernels"]
    assert session["objects"] == {"0.o": hashlib.sha256(b"\x7fELF").hexdigest()}
    assert [item["answer"]["errno"] for item in session["jobs"]] == ["", "EACCES"]
    assert [item["errno"] for item in record["programs"]] == ["", "EACCES"]
    for number in range(55):
        stamp = f"2026-11-{1 + number // 24:02d}T{number % 24:02d}:00:00Z"
        path = keep({**record, "began": stamp}, tmp_path / "checks")
    kept = sorted(item.name for item in (tmp_path / "checks").iterdir())
    assert len(kept) == 50
    assert path.name == kept[-1]
    assert json.loads(path.read_text(encoding="utf-8"))["schema"] == 1
