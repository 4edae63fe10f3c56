"""Does a compiled object still match its source? Compared by content: records, and the sizes of maps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bpflint.analysis.abi import abi, bpf_target
from bpflint.analysis.layout import lay_out
from bpflint.analysis.loads import stem
from bpflint.model.layout import Bits, Record, RecordDecl, show_bytes
from bpflint.model.pair import Pair
from bpflint.model.unit import Problem, Unit


def object_problems(units: Sequence[Unit], pairs: Sequence[Pair]) -> Iterator[Problem]:
    """Yield BPF005 where an object differs from its source, BPF004 where it lacks a struct that a pair needs."""
    sources = [unit for unit in units if unit.side == "bpf" and unit.language == "c" and not unit.origin]
    for unit in units:
        if unit.language != "object":
            continue
        for source in _sources(unit, sources):
            yield from _stale(unit, source)
            yield from _missing(unit, source, pairs)


def _sources(unit: Unit, sources: Sequence[Unit]) -> Iterator[Unit]:
    """The source of an object by its name; several of one name are no evidence."""
    name = stem(unit.path.rsplit("/", 1)[-1])
    found = [source for source in sources if stem(source.path.rsplit("/", 1)[-1]) == name]
    if len(found) == 1:
        yield found[0]


def _stale(unit: Unit, source: Unit) -> Iterator[Problem]:
    target = abi(bpf_target(unit.byte_order))
    compiled: dict[str, list[RecordDecl]] = {}
    for decl in unit.records:
        compiled.setdefault(decl.name, []).append(decl)
    for decl in source.records:
        found = [lay_out(item, target) for item in compiled.get(decl.name, ())]
        ours = lay_out(decl, target)
        if decl.span is None or ours.opaque or not found or any(item.opaque for item in found):
            continue
        if not any(_alike(ours, item) for item in found):
            text = f"`{decl.name}` is {_difference(ours, found[0])} in {unit.path}: build it again"
            yield Problem("BPF005", decl.span.path, decl.span.line, text, "info")
    sizes = {item.name: (item.key_size, item.value_size) for item in unit.maps if item.style != "global"}
    for item in source.maps:
        theirs = sizes.get(item.name)
        if theirs is None or item.style == "global" or None in (item.key_size, item.value_size, *theirs):
            continue
        if theirs != (item.key_size, item.value_size):
            text = (
                f"map `{item.name}` has a key of {theirs[0]} and a value of {theirs[1]} bytes in {unit.path}, "
                f"{item.key_size} and {item.value_size} here: build it again"
            )
            yield Problem("BPF005", item.span.path, item.span.line, text, "info")


def _places(record: Record) -> list[tuple[str, Bits, Bits]]:
    return [(field.name, field.offset, field.size) for field in record.fields if field.name]


def _alike(ours: Record, theirs: Record) -> bool:
    return ours.size == theirs.size and _places(ours) == _places(theirs)


def _difference(ours: Record, theirs: Record) -> str:
    if ours.size != theirs.size:
        return f"{show_bytes(ours.size)} bytes here and {show_bytes(theirs.size)}"
    return "laid out otherwise"


def _missing(unit: Unit, source: Unit, pairs: Sequence[Pair]) -> Iterator[Problem]:
    if not unit.records:
        return
    names = {decl.name for decl in unit.records}
    for pair in pairs:
        decl = pair.bpf.type
        if pair.bpf.path == source.path and isinstance(decl, RecordDecl) and decl.name and decl.name not in names:
            yield Problem("BPF004", unit.path, 0,
                          f"`{decl.name}` is shared with {pair.user.path}, but {unit.path} has no type for it: "
                          "clang drops types that no map or program refers to", "info")  # fmt: skip
