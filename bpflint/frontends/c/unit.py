"""What does one C root hold? Its Unit: records, maps, programs, bodies, uses, and what could not be seen."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, cast

from clang import cindex
from clang.cindex import CursorKind, TypeKind

from bpflint.frontends.c.bcc import bcc_map
from bpflint.frontends.c.big_endian import errors_for_big, has_branch
from bpflint.frontends.c.classify import Mode
from bpflint.frontends.c.cursors import Places, constant, functions_in, initialiser
from bpflint.frontends.c.expressions import Expressions
from bpflint.frontends.c.lower import lower
from bpflint.frontends.c.maps import map_of, section_of
from bpflint.frontends.c.nodes import Node, children
from bpflint.frontends.c.parse import IMPLICIT, Request, use_library
from bpflint.frontends.c.requests import Reader, parse_quickly, request_for
from bpflint.frontends.c.skeletons import is_skeleton, object_names
from bpflint.frontends.c.trail import Trail
from bpflint.frontends.c.types import Types
from bpflint.frontends.c.user_uses import user_uses
from bpflint.frontends.c.uses import uses_of
from bpflint.model.errors import FrontEndError
from bpflint.model.flow import Function
from bpflint.model.layout import Enum, RecordDecl
from bpflint.model.source import Span, Text
from bpflint.model.unit import Diagnostic, Directive, Link, MapDef, Problem, Program, Side, Unit
from bpflint.reading import Job, Loaded, Settings

_K = CursorKind
_BODIES = (_K.FUNCTION_DECL, _K.CXX_METHOD, _K.CONSTRUCTOR, _K.DESTRUCTOR)
_HOLDERS = (_K.NAMESPACE, _K.LINKAGE_SPEC, _K.UNEXPOSED_DECL, _K.CLASS_DECL, _K.STRUCT_DECL)
_OPTIONS = (
    "-Wuninitialized", "-Wsometimes-uninitialized", "-Wtautological-unsigned-zero-compare",
    "-Wsizeof-pointer-memaccess",
)  # fmt: skip
_SKELETON = re.compile(
    rb'^\s*#\s*include\s*[<"](?:[\w./-]*/)?([\w.-]+?)(?:\.e?bpf)?[._]l?skel\.(?:h|hpp)[>"]', re.M
)
_OBJECT = re.compile(rb'"(?:[^"\n]*/)?([\w.-]+\.o)"')
_BCC_PROGRAM = re.compile(r"^(kprobe|kretprobe|tracepoint|raw_tracepoint|kfunc|kretfunc|lsm)__(\w+)$")
_MOST_BYTES = 16 << 20
KERNEL_HEADERS = "kernel-headers"
"""In `Unit.sources`: the file asks for the kernel's own headers, so it is built on the machine that runs it."""
KERNEL_VERSION = "kernel-version"
"""In `Unit.sources`: the preprocessor is asked for the kernel's release, so each kernel has an object of its own."""


class _MappedText(Text):
    """The text of C inside another file: spans point into the holder."""

    def __init__(self, text: str, places: Sequence[tuple[int, int, int]]) -> None:
        super().__init__(text.encode())
        self._offsets = [item[0] for item in places]
        self._places = places
        self._chars = text

    def place(self, offset: int) -> tuple[int, int]:
        at = len(self.data[:offset].decode("utf-8", "ignore"))
        found = max(bisect_right(self._offsets, at) - 1, 0)
        if not self._places:
            return 1, 1
        start, line, column = self._places[found]
        return line, column + max(at - start, 0)

    def span(self, path: str, start: int, end: int) -> Span:
        return Span(path, *self.place(start), *self.place(max(start, end)))  # not the lines of the text itself


def load_unit(job: Job, settings: Settings) -> Loaded:
    """Parse a job's file and return its Unit."""
    use_library(settings.libclang_path)
    mode = cast(Mode, job.mode)
    reader = Reader(settings.root)
    data = job.text.encode() if job.text is not None else reader.required(job.path)
    if len(data) > _MOST_BYTES:
        raise FrontEndError(f"{job.path}: {len(data) >> 20} MB is too large for a C source; exclude it")
    trail = Trail(settings)
    request, missing = request_for(job, mode, settings, reader, data, trail)
    unit = _Builder(job, mode, settings, request, missing, data, trail).build()
    return Loaded((unit,), reads=trail.reads((job.path, *reader.asked())))


class _Body(NamedTuple):
    """A function to be lowered."""

    name: str
    cursor: Node
    section: str


class _Builder:
    """Collects one translation unit into a Unit."""

    def __init__(
        self, job: Job, mode: Mode, settings: Settings, request: Request, missing: tuple[str, ...], data: bytes,
        trail: Trail,
    ) -> None:  # fmt: skip
        self.job, self.mode, self.missing, self.data = job, mode, missing, data
        self.request, self.unit = parse_quickly(request, settings, data, job, trail)
        embedded = tuple(Path(item) for item in self.request.system_dirs)
        written = frozenset(path for path in self.request.texts or () if is_skeleton(path))
        self.settings, self.scope = settings, (embedded, written)
        self.places = Places(settings.root, *self.scope)
        if job.text is not None:
            self.places.preset(request.path, job.path, _MappedText(job.text, job.places))
        self.types = Types(self.places, request.target, cxx=request.language == "c++")
        self.types.errors = [
            (item.location.file.name, item.location.offset) for item in self.unit.diagnostics
            if item.severity >= cindex.Diagnostic.Error and item.location.file is not None
        ]  # fmt: skip
        self.macros: dict[tuple[int, int], str] = {}
        self.versions = False
        self.license: str | None = None
        self.records: list[RecordDecl] = []
        self.enums: list[Enum] = []
        self.maps: list[MapDef] = []
        self.programs: list[Program] = []
        self.functions: list[Function] = []
        self.strings: dict[str, str] = {}

    def build(self) -> Unit:
        own = self._own_cursors()
        for cursor in own:
            if cursor.kind in (_K.TYPEDEF_DECL, _K.TYPE_ALIAS_DECL):
                self.types.note_typedef(cursor)
        for cursor in own:
            match cursor.kind:
                case _K.STRUCT_DECL | _K.UNION_DECL | _K.CLASS_DECL if cursor.is_definition():
                    self._record(cursor)
                case _K.ENUM_DECL if cursor.is_definition():
                    found = self.types.convert(cursor.type)
                    if isinstance(found, Enum) and found.values and found.span is not None:
                        self.enums.append(found)
                case _K.VAR_DECL:
                    self._variable(cursor)
        self._functions(own)
        side: Side = "user" if self.mode == "user" else "bpf"
        maps = _definitions_first(self.maps)
        made = {f"{item.name}_table_t" for item in maps if item.style == "bcc"}
        links = tuple(self._links())
        uses, references = (
            (tuple(uses_of(self.functions, maps)), ()) if side == "bpf"
            else user_uses(self.functions, self.strings, self.job.path, _structs(links))
        )  # fmt: skip
        return Unit(
            path=self.job.path if self.job.text is None else f"{self.job.path}#{self.job.extra.get('name', 'text')}",
            language="c", side=side,
            dialect="bcc" if self.mode == "bcc" else "",
            records=tuple(item for item in self.records if item.name not in made), maps=tuple(maps),
            enums=tuple(self.enums), programs=tuple(self.programs), uses=uses, functions=tuple(self.functions),
            diagnostics=tuple(self._diagnostics()), links=links, references=references,
            problems=tuple(self._problems()),
            includes=self.places.project_files(), license=self.license,
            directives=tuple(_embedded_directives(self.job)), origin=self.job.path if self.job.text is not None else "",
            architectures=self.places.architectures(), unrolled=self.places.unrolled(),
            sources=self._sources(),
        )  # fmt: skip

    def _sources(self) -> dict[str, str]:
        told = {"memlock": self.job.extra["memlock"]} if "memlock" in self.job.extra else {}
        told |= {KERNEL_VERSION: self.job.path} if self.versions else {}
        return told | {KERNEL_HEADERS: self.job.path} if "__KERNEL__" in self.request.defines else told

    def _own_cursors(self) -> list[Node]:
        found: list[Node] = []
        pending = children(self.unit.cursor)[::-1]
        while pending:
            cursor = pending.pop()
            kind = cursor.kind
            if kind in (_K.MACRO_DEFINITION, _K.INCLUSION_DIRECTIVE):
                continue
            number, offset = self.places.locate(cursor.location)
            if not number or self.places.file(number)[2]:
                continue
            if kind in _HOLDERS and self.request.language == "c++":
                pending.extend(children(cursor)[::-1])  # namespaces, extern "C", and what a class declares inside
            if kind is _K.MACRO_INSTANTIATION:
                self.macros[(number, offset)] = cursor.spelling
                self.versions |= cursor.spelling == "LINUX_VERSION_CODE"
            else:
                found.append(cursor)
        return found

    def _record(self, cursor: Node) -> None:
        found = self.types.record(cursor.type, cursor.spelling)
        if isinstance(found, RecordDecl) and found.name:
            self.records.append(found)

    def _variable(self, cursor: Node) -> None:
        if self.mode == "user":
            self._string(cursor)
            return
        section = section_of(cursor)
        if section == "license":
            value = initialiser(cursor)
            text = constant(value) if value is not None else None
            self.license = text if isinstance(text, str) else ""
            return
        read = bcc_map if self.mode == "bcc" else map_of
        found = read(cursor, section, self.places, self.types)
        if found is None and self.mode == "bpf" and not section.startswith((".ksyms", ".kconfig", "version")):
            found = self._global(cursor, section)
        if found is not None:
            self.maps.append(found)

    def _string(self, cursor: Node) -> None:
        """A global string: it may be a map's name or the path it is pinned at."""
        value = initialiser(cursor)
        if value is not None and isinstance(text := constant(value), str):
            self.strings[cursor.spelling] = text

    def _global(self, cursor: Node, section: str) -> MapDef | None:
        if cursor.storage_class.name == "EXTERN" or not cursor.spelling:
            return None
        element = cursor.type
        while element.kind is TypeKind.CONSTANTARRAY:  # an array's qualifiers are its elements'
            element = element.element_type
        kind = section if section.startswith(".") else ".rodata" if element.is_const_qualified() else ".data"
        return MapDef(
            cursor.spelling, kind, self.places.name_span(cursor), "global", value=self.types.convert(cursor.type),
            volatile=element.is_volatile_qualified(),
        )  # fmt: skip

    # -- functions -------------------------------------------------------------------------------------------

    def _functions(self, own: Sequence[Node]) -> None:
        definitions = [item for item in own if item.kind in _BODIES and item.is_definition()]
        names = {item.spelling for item in definitions}
        sections = {item.spelling: section for item in own if item.kind is _K.FUNCTION_DECL
                    if (section := section_of(item))}  # fmt: skip
        bodies: list[_Body] = []
        seen: set[str] = set()
        for cursor in definitions:
            name = cursor.spelling
            section = sections.get(name, "")
            if self.mode != "user" and self._is_program(name, section, cursor):
                self._program(cursor, name, section)
            if f"____{name}" in names:
                continue  # BPF_PROG and friends: the body is the inner function's
            inner = name.removeprefix("____")
            if self.request.language == "c" and inner in seen:
                continue  # a macro that is not there, `BPF_KPROBE(a) {…}`, defines one function again and again
            seen.add(inner)
            bodies.append(_Body(inner, cursor, section or sections.get(inner, "")))
        self.functions.extend(self._compiled(bodies, own))

    def _compiled(self, bodies: Sequence[_Body], own: Sequence[Node]) -> Iterator[Function]:
        """Yield the functions that the compiler emits: of a header's static ones those that something emitted names."""
        ex = Expressions(self.places, self.types, self.macros)
        optional = {body.name for body in bodies if self._is_optional(body)}
        if optional:
            ex.mentioned.update(*(functions_in(item) for item in own if item.kind is _K.VAR_DECL))
        found: dict[int, Function] = {}
        while now := [number for number, body in enumerate(bodies)
                      if number not in found and (body.name not in optional or body.name in ex.mentioned)]:  # fmt: skip
            for number in now:
                name, cursor, section = bodies[number]
                inline = cursor.storage_class.name == "STATIC" and "inline" in _head(cursor)
                found[number] = lower(cursor, name, section, ex, inline=inline)
        yield from (function for _, function in sorted(found.items()))
        while ex.lambdas:
            name, cursor = ex.lambdas.popitem()
            yield lower(cursor, name, "", ex, inline=False)

    def _is_optional(self, body: _Body) -> bool:
        """Whether a function is a header's own static one. Where clang found errors, who names it is not known."""
        if self.request.language != "c" or self.types.errors or body.section or body.name != body.cursor.spelling:
            return False
        number, _ = self.places.locate(body.cursor.location)
        return body.cursor.storage_class.name == "STATIC" and self.places.file(number)[0] != self.job.path

    def _is_program(self, name: str, section: str, cursor: Node) -> bool:
        if self.mode == "bcc":
            return cursor.storage_class.name != "STATIC" and not name.startswith("____")
        return bool(section) and not section.startswith((".", "license", "maps", "version"))

    def _program(self, cursor: Node, name: str, section: str) -> None:
        if self.mode == "bcc" and (found := _BCC_PROGRAM.match(name)):
            section = f"{found[1]}/{found[2].replace('__', '/')}"
        params = cursor.get_arguments()
        context = self.types.convert(params[0].type) if params else None
        self.programs.append(
            Program(
                name, section, self.places.name_span(cursor), context, self.license, ".s" in section.split("/")[0],
                self.places.is_written(section, cursor),
            )
        )

    # -- what else the file says -----------------------------------------------------------------------------

    def _diagnostics(self) -> Iterator[Diagnostic]:
        for item in self.unit.diagnostics:
            if item.option in _OPTIONS and (span := self._place(item)) is not None:
                yield Diagnostic(item.option, item.spelling, span)
        failed = any(item.severity >= cindex.Diagnostic.Error for item in self.unit.diagnostics)
        if self.mode == "bpf" and not failed and any(has_branch(path, data) for path, data in self._own_texts()):
            yield from errors_for_big(self.request, Places(self.settings.root, *self.scope))

    def _own_texts(self) -> Iterator[tuple[str, bytes]]:
        yield self.job.path, self.data
        reader = Reader(self.settings.root)
        yield from ((path, reader(path)) for path in self.places.project_files() if path != self.job.path)

    def _place(self, item: cindex.Diagnostic) -> Span | None:
        number, _ = self.places.locate(item.location)
        if not number or self.places.file(number)[2]:
            return None
        return self.places.point(item.location)

    def _problems(self) -> Iterator[Problem]:
        errors = [item for item in self.unit.diagnostics if item.severity >= cindex.Diagnostic.Error]
        if not errors or self.job.extra.get("optional"):
            return
        absent = [item for item in errors if "file not found" in item.spelling]
        others = [item for item in errors if "file not found" not in item.spelling]
        if absent:
            implicit = any(item.option == f"-W{IMPLICIT}" for item in self.unit.diagnostics)
            yield self._not_found(absent, whole=self.mode == "bpf" and not others and not implicit)
        if others and not (self.mode == "user" and absent):
            first = self.places.point(others[0].location)
            where = "" if first.path == self.job.path else f" ({first.path}:{first.line})"
            rest = len(others) - 1
            more = f" and {rest} more error{'s' if rest > 1 else ''}; what they touch" if rest else "; what it touches"
            text = f"{others[0].spelling}{where}{more} was not looked at"
            yield Problem("BPF002", self.job.path, first.line if not where else 0, text, "warning")

    def _not_found(self, absent: Sequence[cindex.Diagnostic], *, whole: bool) -> Problem:
        names = sorted({item.spelling.split("'")[1] for item in absent if "'" in item.spelling})
        line = self.places.point(absent[0].location).line
        shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
        if all(name.endswith(".skel.h") for name in names):
            text = f"{shown} is made by the build: what goes through the skeleton was not looked at"
        else:
            missed = "no name is missing, but what its macros switch was not seen; " if whole else ""
            text = f"not found: {shown}; {missed}add -I DIR or include-dirs"
        return Problem("BPF002", self.job.path, line, text, "info" if whole or self.mode == "user" else "warning")

    def _links(self) -> Iterator[Link]:
        if self.mode != "user":
            return
        for match in _SKELETON.finditer(self.data):
            yield Link("skeleton", match[1].decode())
        for match in _OBJECT.finditer(self.data):
            yield Link("object", match[1].decode())


def _structs(links: Iterable[Link]) -> Mapping[str, str]:
    """The names that the structs of skeletons may have, with the links."""
    found = (item.name for item in links if item.kind == "skeleton")
    return {struct: name for name in found for struct in object_names(f"{name}.skel.h")}


_COMMENT = re.compile(rb'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def _embedded_directives(job: Job) -> Iterator[Directive]:
    """The comments to bpflint in C text inside another file; those of files are read by the engine."""
    if job.text is None:
        return
    from bpflint.model.directives import directives_in  # late: most text is a file's own

    text = _MappedText(job.text, job.places)
    for match in _COMMENT.finditer(text.data):
        if match[0].startswith(b"/"):
            yield from directives_in(job.path, text, match.start(), match.end())


def _head(cursor: Node) -> str:
    """The words before a function's name, enough to see `inline`."""
    words: list[str] = []
    for token in cursor.get_tokens():
        if token.spelling in ("(", cursor.spelling) or len(words) > 12:
            break
        words.append(token.spelling)
    return " ".join(words)


def _definitions_first(maps: Sequence[MapDef]) -> list[MapDef]:
    """One entry a name: a definition wins over an extern declaration."""
    found: dict[str, MapDef] = {}
    for item in maps:
        if item.name not in found or found[item.name].external:
            found[item.name] = item
    return list(found.values())
