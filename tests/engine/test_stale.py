"""Is an object that no longer matches its source told, and only then?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bpflint.engine.stale import object_problems
from bpflint.model.layout import Bits, Codec, Language, Member, RecordDecl, Scalar
from bpflint.model.pair import Evidence, EvidenceKind, Pair, PairSide
from bpflint.model.source import Span
from bpflint.model.unit import MapDef, Unit

U32, U64 = Scalar(("__u32",), Bits(32)), Scalar(("__u64",), Bits(64))


def record(path: str, language: Language, *types: Scalar, name: str = "event") -> RecordDecl:
    members = tuple(Member(f"m{number}", type_) for number, type_ in enumerate(types))
    return RecordDecl(name, "struct", members, language, Codec.C, Span(path, 3))


def source(*types: Scalar, value_size: int = 16) -> Unit:
    table = MapDef("m", "hash", Span("p.bpf.c", 9), "btf", key_size=4, value_size=value_size)
    return Unit("p.bpf.c", "c", "bpf", records=(record("p.bpf.c", "c", *types),), maps=(table,))


def compiled(*types: Scalar, path: str = "build/p.bpf.o") -> Unit:
    table = MapDef("m", "hash", Span(path, 1), "object", key_size=4, value_size=16)
    return Unit(path, "object", "bpf", records=(record(path, "object", *types),), maps=(table,))


def test_a_record_that_changed_since_the_build_is_told_at_the_source() -> None:
    (problem,) = object_problems([source(U32, U32), compiled(U32, U64)], [])
    assert (problem.code, problem.path, problem.line) == ("BPF005", "p.bpf.c", 3)
    assert problem.message == "`event` is 8 bytes here and 16 in build/p.bpf.o: build it again"


def test_fields_that_traded_places_are_told_although_the_size_is_equal() -> None:
    swapped = replace(compiled(), records=(record("build/p.bpf.o", "object", U32, U32),))
    renamed = replace(swapped.records[0], members=tuple(reversed(swapped.records[0].members)))
    (problem,) = object_problems([source(U32, U32), replace(swapped, records=(renamed,))], [])
    assert "laid out otherwise" in problem.message


def test_a_map_of_another_size_is_told() -> None:
    (problem,) = object_problems([source(U32, U64, value_size=24), compiled(U32, U64)], [])
    assert (problem.code, problem.line) == ("BPF005", 9)


@pytest.mark.parametrize("path", ["build/p.bpf.o", "p.o", "out/p_kern.o"])
def test_an_object_that_matches_is_silent(path: str) -> None:
    assert list(object_problems([source(U32, U64), compiled(U32, U64, path=path)], [])) == []


def test_an_object_of_another_name_or_of_two_sources_is_silent() -> None:
    other = compiled(U32, U32, path="q.bpf.o")
    assert list(object_problems([source(U32, U64), other], [])) == []
    twice = [source(U32, U64), replace(source(U32, U64), path="old/p.bpf.c"), compiled(U32, U32)]
    assert list(object_problems(twice, [])) == []


def test_a_paired_struct_that_clang_dropped_from_btf_is_told() -> None:
    ours = record("p.bpf.c", "c", U32, name="sample")
    theirs = record("u.py", "python", U32, name="Sample")
    pair = Pair(
        PairSide("p.bpf.c", ours, Codec.C, Span("p.bpf.c", 3)), PairSide("u.py", theirs, Codec.CTYPES, Span("u.py", 1)),
        "event", (Evidence(EvidenceKind.COMMENT, "named"),),
    )  # fmt: skip
    (problem,) = object_problems([source(U32, U64), compiled(U32, U64)], [pair])
    assert (problem.code, problem.path) == ("BPF004", "build/p.bpf.o")
