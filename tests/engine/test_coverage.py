"""How many maps were looked at, and how many of them compared?"""

from __future__ import annotations

from pathlib import Path

from bpflint.api import (
    Codec,
    Context,
    Evidence,
    EvidenceKind,
    MapDef,
    Pair,
    PairSide,
    Project,
    Scalar,
    Settings,
    Span,
    Unit,
)
from bpflint.engine.coverage import coverage_of
from bpflint.model.layout import Bits, Language

U32 = Scalar(("u32",), Bits(32))


def program(path: str, declared_in: str, *names: str, language: Language = "c") -> Unit:
    maps = tuple(MapDef(name, "ringbuf", Span(declared_in, 9), "btf") for name in names)
    return Unit(path, language, "bpf", maps=maps)


def pair(path: str, map_: str) -> Pair:
    side = PairSide(path, U32, Codec.C, Span(path, 9))
    reason = Evidence(EvidenceKind.MAP_USE, "read")
    return Pair(side, PairSide("u.go", U32, Codec.GO, Span("u.go", 3)), "event", (reason,), map_)


def counted(*units: Unit, pairs: tuple[Pair, ...] = ()) -> tuple[int, int]:
    found = coverage_of(Context(Settings(root=Path()), Project(units, pairs)))
    return found.maps, found.maps_compared


def test_maps_of_one_name_in_several_programs_are_several() -> None:
    one, other = program("a/p.bpf.c", "a/p.bpf.c", "events"), program("b/p.bpf.c", "b/p.bpf.c", "events")
    assert counted(one, other, pairs=(pair("a/p.bpf.c", "events"), pair("b/p.bpf.c", "events"))) == (2, 2)


def test_a_map_of_a_header_is_one_however_many_programs_include_it() -> None:
    one, other = program("p.bpf.c", "maps.h", "events"), program("q.bpf.c", "maps.h", "events")
    assert counted(one, other, pairs=(pair("p.bpf.c", "events"), pair("q.bpf.c", "events"))) == (1, 1)


def test_an_object_adds_the_maps_that_no_source_has() -> None:
    source = program("p.bpf.c", "p.bpf.c", "events")
    built = program("p.bpf.o", "p.bpf.o", "events", "older", language="object")
    assert counted(source, built) == (2, 0)
