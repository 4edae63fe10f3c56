"""What does one BPF object declare? Its records, maps, globals and programs as a Unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from bpflint.btf import Btf, BtfError
from bpflint.btf import types as t
from bpflint.frontends.objects.elf import Object, read_object
from bpflint.frontends.objects.maps import btf_maps, globals_of, legacy_maps
from bpflint.frontends.objects.relocations import relocations_of
from bpflint.frontends.objects.types import Converter
from bpflint.model.core import Relocation
from bpflint.model.layout import RecordDecl, Type
from bpflint.model.source import Span
from bpflint.model.unit import MapDef, Problem, Program, Unit

_PARTIAL = "BPF002"


def load_unit(path: str, data: bytes, files: Sequence[str] = ()) -> Unit:
    """Return the Unit of an object; FrontEndError when it is no readable ELF file. `files` are the project's.

    An object without BTF, or with damaged BTF, gives its programs and legacy maps and one problem. Spans name the
    object and line 1: an object has no lines.
    """
    found = read_object(data, path)
    span = Span(path, 1)
    problems: list[Problem] = []
    btf, types = _open_btf(found, span, problems)
    records: tuple[RecordDecl, ...] = ()
    maps: list[MapDef] = []
    try:
        if btf is not None and types is not None:
            records = tuple(_records(btf, types))
            maps += btf_maps(btf, types, span)
            maps += globals_of(btf, types, span)
    except BtfError as error:
        problems.append(Problem(_PARTIAL, path, 0, f"{path}: only in part read: {error}"))
    relocations: tuple[Relocation, ...] = ()
    try:
        relocations = relocations_of(found, btf, span, files) if btf is not None else ()
    except BtfError as error:
        problems.append(Problem(_PARTIAL, path, 0, f"{path}: its relocations cannot be read: {error}"))
    maps += legacy_maps(found, btf, types, span)
    license_text = found.data("license").split(b"\0")[0].decode("utf-8", "replace") or None
    return Unit(
        path, "object", "bpf", records=records, maps=tuple(maps),
        programs=tuple(_programs(found, btf, types, span, license_text)), problems=tuple(problems[:1]),
        license=license_text, byte_order=found.byte_order, relocations=relocations,
        btf=found.data(".BTF") if relocations else b"",
    )  # fmt: skip


def _open_btf(found: Object, span: Span, problems: list[Problem]) -> tuple[Btf | None, Converter | None]:
    data = found.data(".BTF")
    if not data:
        text = f"{span.path}: no .BTF section; compile with -g to have its layouts compared"
        problems.append(Problem(_PARTIAL, span.path, 0, text, "info"))
        return None, None
    try:
        btf = Btf(data)
        types = Converter(btf, span)
        types.note_typedefs()
    except BtfError as error:
        problems.append(Problem(_PARTIAL, span.path, 0, f"{span.path}: its layouts cannot be read: {error}"))
        return None, None
    return btf, types


def _records(btf: Btf, types: Converter) -> Iterator[RecordDecl]:
    """Yield every record that has a tag or a typedef; definitions of maps are unnamed or end up in `maps`."""
    for type_id in btf.own_ids():
        if btf.kind(type_id) in (t.STRUCT, t.UNION):
            one = types.convert(type_id)
            if isinstance(one, RecordDecl) and one.name:
                yield one


def _programs(
    found: Object, btf: Btf | None, types: Converter | None, span: Span, license_text: str | None
) -> Iterator[Program]:
    """Yield the exported functions of code sections other than .text, which holds subprograms."""
    code = {section.name for section in found.sections if section.code} - {".text"}
    for symbol in found.symbols:
        if symbol.kind == "STT_FUNC" and symbol.exported and symbol.section in code:
            context = None
            with suppress(BtfError):  # a damaged prototype takes nothing from the program but its context
                context = _context(btf, types, symbol.name)
            sleepable = ".s" in symbol.section.split("/")[0]
            yield Program(symbol.name, symbol.section, span, context, license_text, sleepable)


def _context(btf: Btf | None, types: Converter | None, name: str) -> Type | None:
    if btf is None or types is None:
        return None
    for type_id in btf.find(name, t.FUNC):
        one = btf.type(type_id)
        proto = btf.type(one.type) if isinstance(one, t.Func) else None
        if isinstance(proto, t.FuncProto) and proto.params:
            return types.convert(proto.params[0].type)
    return None
