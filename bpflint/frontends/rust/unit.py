"""What does one Rust file hold? Its Unit: records, what meets which map, what it loads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bpflint.frontends.rust.calls import Calls
from bpflint.frontends.rust.evaluate import Evaluator
from bpflint.frontends.rust.impls import Function, Impls
from bpflint.frontends.rust.kernel import events_of, license_of, maps_of, programs_of
from bpflint.frontends.rust.links import is_program, libraries_of, links_of
from bpflint.frontends.rust.lower import lower
from bpflint.frontends.rust.marks import scopes_of
from bpflint.frontends.rust.reading import Where
from bpflint.frontends.rust.scopes import Scope
from bpflint.frontends.rust.sink import Sink
from bpflint.frontends.rust.world import World
from bpflint.model.errors import FrontEndError
from bpflint.model.layout import Array, Pointer, RecordDecl, Type
from bpflint.model.unit import Link, Problem, Unit, Use
from bpflint.reading import Job, Loaded, Reads, Settings

_WORTH = re.compile(
    rb"\bmap(?:_mut)?\((?!\s*(?:\||move\b))|_map\b|\bmaps\b|skel|Skel|bpf|Bpf|BPF|from_bytes|as_bytes|read_unaligned|"
    rb"as_ptr|as\s+\*|\.cast|transmute|perf|Perf|RingBuf|_(?:ne|le|be)_bytes|lookup|bytemuck|plain::|set_global|"
    rb"\"\w+\"\s*[,)]"
)
"""A body without any of these touches no map and decodes nothing; a string may name a map to a function that does."""
_AYA = re.compile(rb"\.(?:insert|get|remove|set|push|pop|iter|keys|values|next|open|try_into)\s*\(")
"""Methods of aya's maps; as common elsewhere, so they count in crates that use aya."""
_MOST_ERRORS = 2000


_READS = Reads(suffixes=(".rs", "Cargo.toml"))
"""Names are followed through the whole project, so that any file may matter to any other."""


def load_unit(job: Job, settings: Settings, world: World) -> Loaded:
    """Return the Unit of one file."""
    data = _read(world, job.path)
    top = world.names.file(job.path)
    if top is None:
        raise FrontEndError(f"{job.path}: cannot be read as Rust")
    return Loaded((_unit(job, world, top, kernel=is_program(data)),), reads=_READS)


def _read(world: World, path: str) -> bytes:
    try:
        return world.tree.read(path)
    except OSError as error:
        raise FrontEndError(f"{path}: cannot be read ({error.strerror})") from error


def _unit(job: Job, world: World, top: Scope, *, kernel: bool) -> Unit:
    path = job.path
    sink = Sink(world)
    evaluator = Evaluator(world)
    calls = Calls(evaluator, sink)
    scopes = list(scopes_of(world.names, top))
    bodies = list(functions_of(world.impls, scopes, everything=kernel))
    for function in bodies:
        calls.functions.enter_root(function)
    uses = tuple(sink.uses.values())
    if kernel:
        uses = (*events_of(world, scopes), *uses)
    records = _unique([*_declared(world, scopes), *_used(uses)])
    links = libraries_of(world.tree, top) if kernel else [*links_of(world.names, top), *sink.links.values()]
    license_ = license_of(scopes) if kernel else None
    return Unit(
        path, "rust", "bpf" if kernel else "user", records=records, uses=uses, links=_distinct(links),
        maps=tuple(maps_of(world, scopes)) if kernel else (), license=license_,
        programs=tuple(programs_of(scopes, license_)) if kernel else (),
        references=() if kernel else tuple(sink.references.values()), problems=tuple(_problems(path, top, evaluator)),
        functions=tuple(item for function in bodies for item in lower(evaluator, function)),
        includes=_files(path, records, uses), constants=dict(_constants(world, scopes)),
        sources={**job.extra, **({"libbpf-rs": path} if any(_uses_libbpf(scope) for scope in scopes) else {})},
    )  # fmt: skip


def _uses_libbpf(scope: Scope) -> bool:
    return "libbpf-rs" in scope.crate.dependencies or b"libbpf_rs" in scope.source.data


def functions_of(impls: Impls, scopes: Iterable[Scope], *, everything: bool = False) -> Iterator[Function]:
    """Yield the functions of a file whose bodies may do something with maps or bytes."""
    for scope in scopes:
        aya = "aya" in scope.crate.dependencies or b"aya" in scope.source.data
        for function in impls.of_scope(scope):
            body = function.body
            text = body.text if body is not None else None
            if text is not None and (everything or _WORTH.search(text) or (aya and _AYA.search(text))):
                yield function


def _declared(world: World, scopes: Iterable[Scope]) -> Iterator[RecordDecl]:
    for scope in scopes:
        yield from world.layouts.declared(scope.all_items())


def _used(uses: Iterable[Use]) -> Iterator[RecordDecl]:
    for use in uses:
        type_: Type | None = use.type
        while isinstance(type_, Array | Pointer):
            type_ = type_.element if isinstance(type_, Array) else type_.pointee
        if isinstance(type_, RecordDecl) and type_.span is not None:
            yield type_


def _unique(records: Iterable[RecordDecl]) -> tuple[RecordDecl, ...]:
    return tuple({item.key(): item for item in records}.values())


def _distinct(links: Iterable[Link]) -> tuple[Link, ...]:
    return tuple({(item.kind, item.name): item for item in reversed(list(links))}.values())[::-1]


def _files(path: str, records: Iterable[RecordDecl], uses: Iterable[Use]) -> tuple[str, ...]:
    """The files whose text the unit rests on."""
    found = [path, *(use.span.path for use in uses), *(span.path for use in uses for span in use.via)]
    found.extend(item.span.path for item in records if item.span is not None)
    return tuple(dict.fromkeys(found))


def _constants(world: World, scopes: Iterable[Scope]) -> Iterator[tuple[str, int]]:
    for scope in scopes:
        for item in scope.all_items():
            if item.kind == "const":
                value = world.reader.fold(item.node.child_by_field_name("value"), Where(scope))
                if value is not None:
                    yield item.name, value


def _problems(path: str, top: Scope, evaluator: Evaluator) -> Iterator[Problem]:
    if top.source.root.has_error:
        line = _first_error(top)
        yield Problem("BPF002", path, line, "this Rust is not understood; what stands around it was left out", "info")
    if evaluator.exhausted:
        yield Problem("BPF002", path, 0, "too much code for one file: the bodies after the first were not read", "info")


def _first_error(top: Scope) -> int:
    pending = [top.source.root]
    for _ in range(_MOST_ERRORS):
        if not pending:
            break
        node = pending.pop()
        if node.is_error or node.is_missing:
            return node.start_point.row + 1
        pending.extend(item for item in reversed(node.children) if item.has_error)
    return 1
