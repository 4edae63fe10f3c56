"""Does everything a unit and a finding are made of come back from its table, and is what is no plain data refused?"""

from __future__ import annotations

import marshal
import pickle
from dataclasses import dataclass
from pathlib import Path

import pytest

from bpflint.api import Settings
from bpflint.engine.codec import Bodies, Codec, how_of
from bpflint.engine.gathered import gathered_codec
from bpflint.engine.plugins import load_frontends
from bpflint.engine.unit_cache import codec, finding_codec
from bpflint.model.finding import Confidence, Edit, Finding, Fix, Severity
from bpflint.model.flow import Block, Function, Name, Return
from bpflint.model.layout import Pointer, RecordDecl
from bpflint.model.source import Span
from bpflint.model.unit import Unit
from bpflint.model.verdict import Kernel

SAMPLES = Path(__file__).resolve().parents[2] / "bpf_samples"


FOLDERS = {
    "python": "BPF101-size-mismatch", "go": "BPF301-missing-close/bad", "c": "BPF301-missing-close/bad",
    "rust": "BPF414-torn-read/bad",
}  # fmt: skip


@dataclass(frozen=True)
class Mixed:
    items: tuple[tuple[int, Span], ...]


@pytest.mark.parametrize("language", ["python", "go", "rust", "c"])
def test_units_come_back_as_they_were(language: str) -> None:
    from bpflint.api import SourceFile

    folder = SAMPLES / FOLDERS[language]
    files = [SourceFile(path.relative_to(folder).as_posix(), path.read_bytes)
             for path in sorted(folder.rglob("*")) if path.is_file()]  # fmt: skip
    frontend = next(item for item in load_frontends() if item.name == language)
    settings = Settings(root=folder)
    jobs = frontend.plan(files, settings)
    assert jobs
    for job in jobs:
        for unit in frontend.load(job, settings).units:
            rows, bodies = marshal.loads(marshal.dumps(codec().encode_apart(unit)))
            back = codec().decode_apart(rows, lambda bodies=bodies: bodies)
            assert repr(back) == repr(unit)
            for use, old in zip(back.uses, unit.uses, strict=True):
                if isinstance(old.type, RecordDecl):
                    there = [now is use.type for now in back.records]
                    assert there == [was is old.type for was in unit.records]


def test_what_a_function_does_is_read_at_the_first_look() -> None:
    span = Span("a.c", 1, 2, 3, 4)
    name = Name("x", 1, Pointer("char *"), span)
    functions = [Function(text, span, (name,), (Block((Return(name, span),)),)) for text in ("f", "g")]
    rows, bodies = codec().encode_apart(Unit("a.c", "c", "bpf", functions=tuple(functions)))
    asked: list[str] = []

    def ask() -> Bodies:
        asked.append("bodies")
        return bodies

    first, second = codec().decode_apart(rows, ask).functions
    assert (first.name, second.params, asked) == ("f", (name,), [])
    assert second.blocks == functions[1].blocks
    assert [first, second] == functions
    assert first.params[0] is first.blocks[0].ops[0].value
    assert asked == ["bodies"]
    assert pickle.loads(pickle.dumps(codec().decode_apart(rows, ask).functions[0])) == functions[0]


def test_findings_come_back_as_they_were() -> None:
    span = Span("a.c", 1, 2, 3, 4)
    fix = Fix("do", "safe", (Edit(span, "text"), Edit(span, "more")))
    finding = Finding(code="BPF101", name="n", severity=Severity.ERROR, confidence=Confidence.LOW, message="m",
                      span=span, subject="s", fixes=(fix, fix))  # fmt: skip
    back = finding_codec().decode(marshal.loads(marshal.dumps(finding_codec().encode(finding))))
    assert back == finding
    assert back.fixes[0] is back.fixes[1]


def test_what_the_list_does_not_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="Path"):
        Codec([Span]).encode(Path("x"))
    with pytest.raises(TypeError, match="numbers"):
        Codec([Span, Mixed])
    assert how_of(next(iter(RecordDecl.__dataclass_fields__.values()))) == "plain"


@pytest.mark.parametrize("rows", [[(99, 1)], [(0,)], [()], ["x"], [(0, 1)]])
def test_other_data_is_an_error_that_the_cache_knows(rows: list[object]) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        Codec([Span]).decode(rows)  # type: ignore[arg-type]


def test_what_is_gathered_comes_back_as_it_was() -> None:
    span, kernel = Span("a.c", 1, 2, 3, 4), Kernel("x86_64", "6.1")
    gathered = ("text", 7, None, True, (span, (3,)), {kernel: (span, -1), "other": ()}, {})
    codec = gathered_codec()
    rows, outer = marshal.loads(marshal.dumps(codec.encode_any(gathered)))
    back = codec.decode_any((rows, outer))
    assert back == gathered
    assert back[4][0] is back[5][kernel][0]


@pytest.mark.parametrize("value", [object(), ([],), ({1, 2},), Mixed(())])
def test_what_is_no_plain_data_is_not_kept(value: object) -> None:
    with pytest.raises(TypeError):
        gathered_codec().encode_any(value)
