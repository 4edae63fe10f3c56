"""Does the part of a vmlinux.h that some words lead to mean the same as the whole?"""

from __future__ import annotations

from functools import cache

import pytest
from clang import cindex
from hypothesis import given, settings
from hypothesis import strategies as st

from bpflint.kernels.embedded import default_kernel, shipped_lines
from bpflint.kernels.pack import Line
from bpflint.kernels.part import named_by
from bpflint.kernels.vmlinux import (
    cached_vmlinux_h,
    is_made,
    is_part,
    part_of_vmlinux_h,
    part_path,
    whole_of,
    words_of,
)  # fmt: skip

KERNEL = default_kernel()


def line(kind: str, name: str, text: str) -> Line:
    return Line(kind, name, text, (KERNEL,))


INT = line("i", "int", "4 1")
INNER = line("s", "inner", "4 deep:int@0")
POINTED = line("s", "pointed", "8 next:*$pointed@0")
OUTER = line("s", "outer", "16 held:$inner@0;behind:*$pointed@64")
ALIAS = line("t", "alias", "*$pointed")
COLOUR = line("e", "colour", "4 RED=0;BLUE=1")
NAMELESS = line("e", "-", "4 ONE=1;TWO=2")
EVERYTHING = (INT, INNER, POINTED, OUTER, ALIAS, COLOUR, NAMELESS)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ({"outer"}, {INT, INNER, OUTER}),
        ({"outer", "behind"}, {INT, INNER, POINTED, OUTER}),
        ({"behind"}, {INT}),
        ({"alias"}, {INT, POINTED, ALIAS}),
        ({"BLUE"}, {INT, COLOUR}),
        ({"TWO"}, {INT, NAMELESS}),
        ({"nothing"}, {INT}),
    ],
)
def test_what_words_lead_to(words, kept):
    assert set(named_by(words, EVERYTHING)) == kept


def test_what_macros_paste_together():
    event = line("s", "trace_event_raw_fork", "8 pid:int@0")
    other = line("s", "trace_event_raw_exit", "8 pid:int@0")
    begins = ("bpf_", "trace_event_raw_")
    assert set(named_by({"fork", "pid"}, (INT, event, other), begins)) == {INT, event}
    assert set(named_by({"fork", "pid"}, (INT, event, other))) == {INT}


@cache
def offered() -> tuple[list[Line], list[str]]:
    lines = shipped_lines(KERNEL)
    return lines, sorted({item.name for item in lines if item.kind in ("s", "u") and item.text.count(";") > 2})


def sizes(folder: str, names: list[str]) -> dict[str, tuple[int, list[int]]]:
    """Each struct's size in bytes and its members' offsets in bits, as clang has them."""
    text = '#include "vmlinux.h"\n' + "".join(f"struct {item} *bpflint_{n};\n" for n, item in enumerate(names))
    args = ["-target", "bpfel", "-nostdinc", "-ffreestanding", "-Wno-everything", "-I", folder]
    unit = cindex.Index.create().parse("t.c", args=args, unsaved_files=[("t.c", text)])
    assert not [item.spelling for item in unit.diagnostics if item.severity >= cindex.Diagnostic.Error]
    found = {}
    for cursor in unit.cursor.get_children():
        if cursor.spelling.startswith("bpflint_"):
            type_ = cursor.type.get_pointee().get_canonical()
            offsets = [field.get_field_offsetof() for field in type_.get_fields()]
            found[type_.spelling] = (type_.get_size(), offsets)
    return found


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return cached_vmlinux_h(tmp_path_factory.mktemp("whole"))


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_part_lays_out_what_it_names_as_the_whole_does(whole, tmp_path_factory, data):
    lines, names = offered()
    structs = [item.name for item in lines if item.kind == "s"]
    chosen = data.draw(st.lists(st.sampled_from(structs), min_size=1, max_size=6, unique=True))
    words = frozenset(chosen) | frozenset(data.draw(st.lists(st.sampled_from(names), max_size=4)))
    part = part_of_vmlinux_h(tmp_path_factory.mktemp("part"), "here", words)
    assert sizes(str(part.parent), chosen) == sizes(str(whole.parent), chosen)


def test_a_part_knows_its_words_and_its_whole(tmp_path):
    assert not is_made(part_path(tmp_path, "here"))
    part = part_of_vmlinux_h(tmp_path, "here", {"task_struct", "nobody_knows_it"})
    assert part == part_path(tmp_path, "here") != part_path(tmp_path, "there")
    assert is_made(part)
    assert is_part(part.parent)
    assert not is_part(whole_of(part.parent))
    assert whole_of(part.parent) == cached_vmlinux_h(tmp_path).parent
    assert words_of(part.parent) == {"task_struct", "nobody_knows_it"}
    assert words_of(tmp_path) == frozenset()
    part.write_text(part.read_text().replace("task_struct", "task_strict"))
    assert not is_made(part)
