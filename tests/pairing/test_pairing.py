"""Which types are paired, on what evidence, and when is nothing guessed?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from bpflint.api import Settings
from bpflint.engine.links import linked_units
from bpflint.engine.overrides import PairOverride
from bpflint.engine.pairing import PairingResult, pair_units
from bpflint.model.flow import Block, Evaluate, Function, Name, SizeOf
from bpflint.model.layout import Bits, Codec, Member, Opaque, Pointer, RecordDecl, Scalar, Type
from bpflint.model.pair import EvidenceKind
from bpflint.model.source import Span
from bpflint.model.unit import Directive, Link, MapDef, Unit, Use

U32, U64 = Scalar(("u32",), Bits(32)), Scalar(("u64",), Bits(64))
SETTINGS = Settings(root=Path("/project"))


def c_record(name: str, *fields: str, path: str = "p.bpf.c", line: int = 3) -> RecordDecl:
    return RecordDecl(
        name, "struct", tuple(Member(item, U32) for item in fields), "c", Codec.C, Span(path, line), (name,)
    )


def py_record(name: str, *fields: str, path: str = "u.py", line: int = 5) -> RecordDecl:
    members = tuple(Member(item, U32) for item in fields)
    return RecordDecl(name, "struct", members, "python", Codec.CTYPES, Span(path, line), (name,))


def emits(*types: Type, map_: str = "events", path: str = "p.bpf.c", origin: str = "") -> Unit:
    uses = tuple(
        Use(map_, "event", "output", item, Span(path, 20 + number), Codec.C) for number, item in enumerate(types)
    )
    records = tuple(item for item in types if isinstance(item, RecordDecl))
    ring = MapDef(map_, "ringbuf", Span(path, 9), "btf")
    return Unit(path, "c", "bpf", records=records, maps=(ring,), uses=uses, origin=origin)


def decodes(type_: Type | None, *links: Link, map_: str = "events", **more: object) -> Unit:
    use = Use(map_, "event", "decode", type_, Span("u.py", 30), Codec.CTYPES)
    records = (type_,) if isinstance(type_, RecordDecl) else ()
    return Unit("u.py", "python", "user", records=records, uses=(use,), links=links, **more)  # type: ignore[arg-type]


def pairs_of(result: PairingResult) -> list[tuple[str, str, str, EvidenceKind]]:
    return [(item.bpf.name, item.user.name, item.map, item.evidence[0].kind) for item in result.pairs]


SOURCE = Link("source", "p.bpf.c")


def test_a_decode_meets_what_the_program_emits_on_that_map() -> None:
    found = pair_units([emits(c_record("event", "a")), decodes(py_record("Data", "x"), SOURCE)], SETTINGS)
    assert pairs_of(found) == [("event", "Data", "events", EvidenceKind.MAP_USE)]


def test_a_map_of_another_name_is_not_met() -> None:
    found = pair_units([emits(c_record("event", "a"), map_="other"), decodes(py_record("Zed", "x"), SOURCE)], SETTINGS)
    assert pairs_of(found) == []


def test_the_definition_of_a_map_has_the_last_word() -> None:
    """What a program stores counts where the definition has its size alone, or is not there, and fits it."""
    stored = Use("lengths", "value", "update", U64, Span("p.bpf.c", 20), Codec.C)
    read = Use("lengths", "value", "lookup", U32, Span("u.py", 30), Codec.CTYPES)
    user = Unit("u.py", "python", "user", uses=(read,), links=(SOURCE,))

    def met(*maps: MapDef) -> list[Type]:
        program = Unit("p.bpf.c", "c", "bpf", maps=maps, uses=(stored,))
        return [item.bpf.type for item in pair_units([program, user], SETTINGS).pairs]

    sized = MapDef("lengths", "array", Span("p.bpf.c", 9), "btf", value_size=8)
    assert met() == met(sized) == [U64]
    assert met(replace(sized, value_size=4)) == []
    assert met(replace(sized, value=U32)) == [U32]
    assert met(replace(sized, kind="", value_size=None)) == []  # errors inside: what it says is not known


def test_of_two_programs_with_one_map_name_only_the_loaded_one_is_met() -> None:
    units = [
        emits(c_record("right", "a")), emits(c_record("wrong", "b", path="q.bpf.c"), path="q.bpf.c"),
        decodes(py_record("Data", "x"), SOURCE),
    ]  # fmt: skip
    assert pairs_of(pair_units(units, SETTINGS)) == [("right", "Data", "events", EvidenceKind.MAP_USE)]


def test_text_in_the_same_file_wins_over_the_folder() -> None:
    units = [
        emits(c_record("inline", "a", path="u.py"), path="u.py#text0", origin="u.py"), emits(c_record("other", "b")),
        decodes(py_record("Data", "x"), Link("inline", "u.py#text0")),
    ]  # fmt: skip
    assert pairs_of(pair_units(units, SETTINGS)) == [("inline", "Data", "events", EvidenceKind.MAP_USE)]


def test_of_several_events_on_one_map_the_namesake_is_taken() -> None:
    units = [
        emits(c_record("open_event", "a"), c_record("exec_event", "b", line=7)),
        decodes(py_record("ExecEvent", "z"), SOURCE),
    ]
    assert pairs_of(pair_units(units, SETTINGS)) == [("exec_event", "ExecEvent", "events", EvidenceKind.MAP_USE)]


def test_or_the_one_with_the_same_fields() -> None:
    units = [
        emits(c_record("one", "pid", "uid", "comm"), c_record("two", "saddr", "daddr", "port", line=7)),
        decodes(py_record("Data", "Saddr", "Daddr", "Port"), SOURCE),
    ]  # fmt: skip
    assert pairs_of(pair_units(units, SETTINGS)) == [("two", "Data", "events", EvidenceKind.MAP_USE)]


def test_else_it_is_a_notice_and_no_guess() -> None:
    units = [emits(c_record("one", "a"), c_record("two", "b", line=7)), decodes(py_record("Data", "x"), SOURCE)]
    found = pair_units(units, SETTINGS)
    assert found.pairs == ()
    (problem,) = found.problems
    assert (problem.code, problem.path, problem.line) == ("BPF010", "u.py", 30)
    assert "one, two" in problem.message


def test_two_spellings_of_one_number_are_no_two_types() -> None:
    plain, other = Scalar(("u64",), Bits(64)), Scalar(("__u64", "unsigned long long"), Bits(64))
    use = Use("events", "event", "decode", U64, Span("u.py", 30), Codec.CTYPES)
    user = Unit("u.py", "python", "user", uses=(use,), links=(SOURCE,))
    assert pair_units([emits(plain, other), user], SETTINGS).problems == ()
    swapped = Scalar(("__be64", "unsigned long long"), Bits(64))
    (problem,) = pair_units([emits(plain, swapped), user], SETTINGS).problems
    assert problem.code == "BPF010"


def test_an_unresolved_type_is_said_not_compared() -> None:
    units = [emits(c_record("event", "a")), decodes(Opaque("T", "not declared in this file"), SOURCE)]
    found = pair_units(units, SETTINGS)
    assert found.pairs == ()
    (problem,) = found.problems
    assert (problem.code, "not declared in this file" in problem.message) == ("BPF003", True)


def test_a_comment_pairs_and_a_wrong_one_names_the_nearest() -> None:
    user = py_record("Data", "a")
    good = Directive("pair", ("event",), "", Span("u.py", 5))
    bad = Directive("pair", ("evnt",), "", Span("u.py", 5))
    plain = Unit("u.py", "python", "user", records=(user,))
    event = emits(c_record("event", "a"))
    import dataclasses

    found = pair_units([event, dataclasses.replace(plain, directives=(good,))], SETTINGS)
    assert pairs_of(found) == [("event", "Data", "events", EvidenceKind.COMMENT)]
    wrong = pair_units([event, dataclasses.replace(plain, directives=(bad,))], SETTINGS)
    assert [item.message for item in wrong.problems] == ["pair comment: 'evnt' is no BPF type; did you mean 'event'?"]


def test_the_configuration_pairs_ignores_and_is_checked() -> None:
    units = [emits(c_record("event", "a")), Unit("u.py", "python", "user", records=(py_record("Data", "x"),))]
    chosen = PairOverride(bpf="struct event", user="u.py:Data", file="bpflint.toml", line=4)
    assert pairs_of(pair_units(units, SETTINGS, (chosen,))) == [("event", "Data", "events", EvidenceKind.CONFIG)]
    absent = PairOverride(bpf="struct event", user="u.py:Dat", file="bpflint.toml", line=4)
    (problem,) = pair_units(units, SETTINGS, (absent,)).problems
    assert (problem.code, problem.path, problem.line) == ("BPF003", "bpflint.toml", 4)
    assert "did you mean 'Data'?" in problem.message
    ignored = PairOverride(bpf="event", ignore=True)
    met = [emits(c_record("event", "a")), decodes(py_record("Data", "x"), SOURCE)]
    assert pair_units(met, SETTINGS, (ignored,)).pairs == ()


def test_a_header_that_both_sides_include_pairs_with_itself_where_the_user_side_names_the_type() -> None:
    shared = c_record("event", "a", path="event.h")
    param = Name("data", 1, Pointer("struct event *", shared), storage="parameter")
    reads = Function("on_event", Span("u.c", 2), (param,), ())
    user = Unit("u.c", "c", "user", records=(shared,), functions=(reads,))
    assert pairs_of(pair_units([emits(shared), user], SETTINGS)) == [
        ("event", "event", "events", EvidenceKind.SAME_HEADER)
    ]
    unread = Unit("u.c", "c", "user", records=(shared,))
    assert pair_units([emits(shared), unread], SETTINGS).pairs == ()


def test_equal_names_pair_only_with_like_fields_in_a_file_that_loads_the_program() -> None:
    event = emits(c_record("data_t", "pid", "comm"))
    like, unlike = py_record("Data", "pid", "comm"), py_record("Data", "width", "height")
    for decl, links, expected in ((like, (SOURCE,), 1), (unlike, (SOURCE,), 0), (like, (), 1)):
        user = Unit("u.py", "python", "user", records=(decl,), links=links)
        assert len(pair_units([event, user], SETTINGS).pairs) == expected
    far = Unit("other/u.py", "python", "user", records=(like,))
    assert pair_units([event, far], SETTINGS).pairs == ()


def test_a_namesake_far_away_is_no_pair_where_the_program_beside_the_file_has_one_itself() -> None:
    """A project of examples: the near `event_t` goes through no map, the far one does."""
    far = emits(c_record("event_t", "pid", "comm", "path", path="one/p.bpf.c"), path="one/p.bpf.c")
    near = Unit("two/p.bpf.c", "c", "bpf", records=(c_record("event_t", "pid", "comm", path="two/p.bpf.c"),))
    decl = replace(py_record("EventT", "pid", "comm"), span=Span("two/main.go", 4))
    user = Unit("two/main.go", "go", "user", records=(decl,))
    assert [pair.user.name for pair in pair_units([far, user], SETTINGS).pairs] == ["EventT"]
    assert pair_units([far, near, user], SETTINGS).pairs == ()
    built = replace(near, path="two/p.bpf.o", language="object", records=(c_record("event_t", path="two/p.bpf.o"),))
    assert [pair.user.name for pair in pair_units([far, built, user], SETTINGS).pairs] == ["EventT"]


def test_a_word_that_is_everywhere_is_looked_for_in_the_program_that_a_file_names_only() -> None:
    far = emits(c_record("key_t", "cpu", "pid", path="one/q.bpf.c"), path="one/q.bpf.c")
    own = Unit("two/p.bpf.c", "c", "bpf")
    for name, links, expected in (("Key", (SOURCE,), 0), ("Key", (), 1), ("KeyOfFlow", (SOURCE,), 1)):
        decl = replace(py_record(name, "cpu", "pid"), span=Span("two/main.go", 4))
        user = Unit("two/main.go", "go", "user", records=(decl,), links=links)
        there = far if name == "Key" else emits(c_record("key_of_flow", "cpu", "pid", path="one/q.bpf.c"))
        assert len(pair_units([there, own, user], SETTINGS).pairs) == expected, (name, links)


def test_a_crates_modules_belong_to_the_program_that_its_root_stands_for() -> None:
    root = Unit("probe/src/main.rs", "rust", "bpf")
    module = replace(emits(c_record("Data", "pid", "comm"), path="probe/src/maps.rs"), language="rust")
    other = emits(c_record("Data", "width", "height", path="other/p.bpf.c"), path="other/p.bpf.c")
    decl = replace(py_record("Data", "pid", "comm"), span=Span("agent/src/main.rs", 4))
    user = Unit("agent/src/main.rs", "rust", "user", records=(decl,), links=(Link("source", "probe/src/main.rs"),))
    (pair,) = pair_units([root, module, other, user], SETTINGS).pairs
    assert pair.bpf.path == "probe/src/maps.rs"


def test_of_two_crates_with_a_root_of_one_name_the_one_that_is_loaded_is_met() -> None:
    one, two = (Unit(f"{name}/src/main.rs", "rust", "bpf") for name in ("opened", "closed"))
    user = Unit("agent/src/main.rs", "rust", "user", links=(Link("source", "closed/src/main.rs"),))
    assert [unit.path for unit in linked_units(user, [one, two]).units] == ["closed/src/main.rs"]


@pytest.mark.parametrize(
    ("kind", "name", "source"),
    [("skeleton", "probe", "probe.bpf.c"), ("skeleton", "probe_bpf", "probe.bpf.c"),
     ("skeleton", "probe", "probe_kern.c"), ("object", "out/probe.bpf.o", "probe.bpf.c")],
)  # fmt: skip
def test_a_skeleton_is_called_like_its_source(kind: Literal["skeleton", "object"], name: str, source: str) -> None:
    user = Unit("user/main.c", "c", "user", links=(Link(kind, name),))
    bpf = [Unit(f"bpf/{source}", "c", "bpf"), Unit("bpf/other.bpf.c", "c", "bpf")]
    assert [unit.path for unit in linked_units(user, bpf).units] == [f"bpf/{source}"]


def test_a_per_cpu_value_is_met_element_by_element() -> None:
    from bpflint.model.layout import Array

    counts = MapDef("counts", "percpu_array", Span("p.bpf.c", 9), "btf", key=U32, value=U64)
    use = Use("counts", "value", "lookup", Array(U64, 8), Span("u.py", 30), Codec.CTYPES)
    units = [Unit("p.bpf.c", "c", "bpf", maps=(counts,)), Unit("u.py", "python", "user", uses=(use,), links=(SOURCE,))]
    (pair,) = pair_units(units, SETTINGS).pairs
    assert pair.user.type == U64


def test_a_comment_that_names_the_struct_pairs_where_fields_are_alike() -> None:
    import dataclasses

    event = emits(c_record("flow_state", "saddr", "daddr", "port"))
    decl = py_record("Entry", "saddr", "daddr", "port", path="other/u.py")
    said = dataclasses.replace(decl, comment="must match struct flow_state in p.bpf.c")
    user = Unit("other/u.py", "python", "user", records=(said,))
    assert pairs_of(pair_units([event, user], SETTINGS)) == [
        ("flow_state", "Entry", "events", EvidenceKind.NAMED_IN_COMMENT)
    ]
    unlike = dataclasses.replace(said, members=py_record("Entry", "width", "height").members)
    for records in ((decl,), (unlike,)):
        assert pair_units([event, dataclasses.replace(user, records=records)], SETTINGS).pairs == ()


def test_a_map_name_that_another_program_has_with_types_nobody_knows_is_not_met() -> None:
    """The loader's own program may be that other one: nothing is taken from the wrong one."""
    mine = MapDef("events", "array", Span("mine.bpf.c", 9), "btf")
    units = [
        emits(c_record("far", "a", path="far/q.bpf.c"), path="far/q.bpf.c"),
        Unit("mine.bpf.c", "c", "bpf", maps=(mine,)), decodes(py_record("Data", "x"), Link("source", "mine.bpf.c")),
    ]  # fmt: skip
    assert pairs_of(pair_units(units, SETTINGS)) == []
    assert len(pairs_of(pair_units([units[0], units[2]], SETTINGS))) == 1


def test_a_comment_pairs_no_c_type_that_is_never_taken_as_bytes() -> None:
    """`/* VIP part of struct flow_key */` above the key of a container of C++."""
    ours = emits(c_record("flow_key", "src", "dst", "port"))
    part = replace(c_record("vip_key", "dst", "port", path="u.cpp"), comment="VIP part of struct flow_key")
    size = Evaluate(SizeOf(part), Span("u.cpp", 40))
    for ops, count in (((), 0), ((size,), 1)):
        body = Function("f", Span("u.cpp", 39), (), (Block(ops),))
        user = Unit("u.cpp", "c", "user", records=(part,), functions=(body,), links=(SOURCE,))
        assert len(pair_units([ours, user], SETTINGS).pairs) == count
