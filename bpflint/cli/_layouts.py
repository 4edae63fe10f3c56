"""Which layouts has a type? Every definition of a project, laid out for every target, as data and as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, assert_never

from bpflint.analysis.abi import bpf_target
from bpflint.api import (
    Array,
    Context,
    Enum,
    Field,
    Opaque,
    Pointer,
    Project,
    Record,
    RecordDecl,
    Scalar,
    Settings,
    Span,
    Type,
    Unit,
    show_bytes,
)  # fmt: skip
from bpflint.engine.discover import Scope
from bpflint.model.data import dataclass


@dataclass(frozen=True, slots=True)
class Definition:
    """One declaration of a type in one unit, with the targets it is laid out for."""

    decl: RecordDecl
    unit: Unit
    span: Span
    targets: tuple[str, ...]


def definitions(
    project: Project, settings: Settings, scope: Scope, name: str | None, targets: Sequence[str]
) -> list[Definition]:
    """Return the definitions in scope, of one name or of all, by path and line.

    Given targets hold for every definition as they are; otherwise the kernel side is laid out for BPF and the user
    side for the configured targets.
    """
    found: dict[tuple[object, ...], Definition] = {}
    for unit in project.units:
        wanted = tuple(targets) or _own_targets(unit, settings)
        for decl in unit.records:
            span = decl.span or Span(unit.path, 1)
            if (name is None or name in (decl.name, *decl.names)) and scope.covers(span.path):
                key = (*decl.key(), span, wanted)
                found.setdefault(key, Definition(decl, unit, span, wanted))
    return sorted(found.values(), key=lambda item: (item.span, item.decl.name, item.targets))


def _own_targets(unit: Unit, settings: Settings) -> tuple[str, ...]:
    return (bpf_target(unit.byte_order),) if unit.side == "bpf" else settings.targets


def layout_data(found: Iterable[Definition], ctx: Context) -> dict[str, Any]:
    """Return the JSON contract: one entry for each definition and target."""
    entries = [_entry(item, ctx.layout(item.decl, target)) for item in found for target in item.targets]
    return {"schema": 1, "layouts": entries}


def _entry(item: Definition, record: Record) -> dict[str, Any]:
    fields = [
        {"name": name, "offset_bits": offset, "size_bits": field.size, "type": type_name(field.type)}
        for name, offset, field in flatten(record)
    ]
    return {
        "name": item.decl.name,
        "language": item.decl.language,
        "path": item.span.path,
        "line": item.span.line,
        "target": record.target,
        "codec": record.codec.value,
        "size": record.size // 8,
        "align": record.align // 8,
        "opaque": record.opaque,
        "fields": fields,
    }


def flatten(record: Record, lead: str = "", base: int = 0) -> Iterator[tuple[str, int, Field]]:
    """Yield (dotted name, offset in bits, field): each field, then those of the record in it.

    Of an array of records the first element stands for all, as `name[0].field`; an anonymous member lends no name.
    """
    for field in record.fields:
        name = ".".join(part for part in (lead, field.name) if part)
        yield name, base + field.offset, field
        if field.record is not None:
            inner = f"{name}[0]" if isinstance(field.type, Array) else name
            yield from flatten(field.record, inner, base + field.offset)


def type_name(type_: Type) -> str:
    """Return how a type is spelled, with its dimensions."""
    match type_:
        case Scalar() | Enum():
            return type_.name or "enum"
        case Pointer():
            return type_.spelling
        case Array(element=element, length=length):
            return f"{type_name(element)}[{'' if length is None else length}]"
        case RecordDecl():
            return f"{type_.kind} {type_.name}".strip()
        case Opaque():
            return type_.spelling
    assert_never(type_)


def table(item: Definition, record: Record) -> str:
    """Return one definition for one target: offset, size, name and type of each field, and every hole."""
    head = (
        f"{item.decl.kind} {item.decl.name}  {item.span.path}:{item.span.line}  {record.target}, {record.codec.value}"
    )
    if record.opaque is not None:
        return f"{head}\n  not known: {record.opaque}\n"
    rows = [f"  {'offset':>8} {'size':>6}  field", *_rows(record)]
    rows.append(f"  {'':8} {show_bytes(record.size):>6}  in all, aligned to {show_bytes(record.align)}")
    return "\n".join([head, *rows]) + "\n"


def _rows(record: Record) -> Iterator[str]:
    end = 0
    for name, offset, field in flatten(record):
        top = "." not in name and field in record.fields
        if top and offset > end and record.decl.kind == "struct":
            yield f"  {show_bytes(end):>8} {show_bytes(offset - end):>6}  -- padding --"
        yield f"  {show_bytes(offset):>8} {show_bytes(field.size):>6}  {name or '(anonymous)'}: {type_name(field.type)}"
        if top:
            end = max(end, field.end)
    if record.size > end:
        yield f"  {show_bytes(end):>8} {show_bytes(record.size - end):>6}  -- padding at the end --"
