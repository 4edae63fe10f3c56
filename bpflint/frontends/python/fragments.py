"""Which C text does a Python file hand to bcc, and where does each piece of it stand in the file?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from bpflint.frontends.python.module import Module
from bpflint.model.data import dataclass

_LITERAL = re.compile(r"(?i)(?<!\w)([rbuf]{0,2})(\"\"\"|'''|\"|')")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"', "0": "\0", "a": "\a", "b": "\b",
            "f": "\f", "v": "\v"}  # fmt: skip
_PERCENT = re.compile(r"%(?:\((\w+)\))?[-#0 +]*\d*(?:\.\d+)?([sdiuxXrc%])")
_BRACE = re.compile(r"\{\{|\}\}|\{(\w*)(?:![rsa])?(?::[^{}]*)?\}")
UNKNOWN = "0"
"""Stands for a piece that only the run knows (a command-line value): most are numbers in C."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that stand in one run on one line of the file (`line`, `column` from 1)."""

    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Fragments:
    """A text put together from pieces of the file."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(piece.text for piece in self.pieces)

    def places(self) -> tuple[tuple[int, int, int], ...]:
        """Return (offset in text, line, column) of each piece, ascending."""
        found: list[tuple[int, int, int]] = []
        at = 0
        for piece in self.pieces:
            if piece.text:
                found.append((at, piece.line, piece.column))
                at += len(piece.text)
        return tuple(found)

    def __add__(self, other: Fragments) -> Fragments:
        return Fragments(self.pieces + other.pieces)

    def cut(self, start: int, end: int) -> Fragments:
        """Return the characters [start, end)."""
        found: list[Piece] = []
        at = 0
        for piece in self.pieces:
            low, high = max(start - at, 0), min(end - at, len(piece.text))
            if low < high:
                found.append(Piece(piece.text[low:high], piece.line, piece.column + low))
            at += len(piece.text)
        return Fragments(tuple(found))

    def replaced(self, spots: Sequence[tuple[int, int, Fragments]]) -> Fragments:
        """Return the text with each [start, end) exchanged; spots ascend and do not overlap."""
        found, at = Fragments(()), 0
        for start, end, new in spots:
            found = found + self.cut(at, start) + new
            at = end
        return found + self.cut(at, len(self.text))


class Texts:
    """Follows string variables through a module, one choice of branches at a time."""

    def __init__(self, module: Module, last: bool) -> None:
        self._module = module
        self._last = last
        self.env: dict[str, Fragments | None] = {}
        self._tables: dict[str, dict[str, Fragments | None]] = {}
        """The texts that dictionaries hold, for `text.format(**values)` and `text % values`."""
        self.calls: list[tuple[ast.Call, Fragments | None]] = []
        """Each `BPF(text=…)` with the text it had there."""
        self._depth = 0
        self._seen: set[int] = set()
        self._walk(module.tree.body)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and id(node) not in self._seen and is_bpf(module, node):
                self._call(node)

    def _walk(self, body: Sequence[ast.stmt]) -> None:
        for statement in body:
            self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.If():
                self._branch(node)
            case ast.FunctionDef(body=body) | ast.AsyncFunctionDef(body=body) | ast.ClassDef(body=body):
                self._walk(body)
            case ast.For(body=body) | ast.While(body=body) | ast.With(body=body) | ast.AsyncWith(body=body):
                self._expressions(node)
                self._walk(body)
            case ast.Try(body=body, orelse=orelse, finalbody=final):
                self._walk([*body, *orelse, *final])
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict() as value):
                self._expressions(node)
                self._tables[name] = self._table(value)
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str() as key))],
                            value=value) if name in self._tables:  # fmt: skip
                self._expressions(node)
                self._tables[name][key] = self.value(value)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self._expressions(node)
                found = self.value(value)
                if found is not None or name not in self.env:
                    self.env[name] = found
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=value):
                self._append(name, value)
            case _:
                self._expressions(node)

    def _append(self, name: str, value: ast.expr) -> None:
        old, new = self.env.get(name), self.value(value)
        if old is not None:
            self.env[name] = old + new if new is not None else old
        elif new is not None:
            self.env[name] = new

    def _branch(self, node: ast.If) -> None:
        alternatives = [node.body]
        rest = node.orelse
        while len(rest) == 1 and isinstance(rest[0], ast.If):
            alternatives.append(rest[0].body)
            rest = rest[0].orelse
        alternatives.append(rest)
        self._walk(alternatives[-1 if self._last else 0])

    def _expressions(self, node: ast.stmt) -> None:
        for part in _own_expressions(node):
            for call in ast.walk(part):
                if isinstance(call, ast.Call) and is_bpf(self._module, call):
                    self._call(call)

    def _call(self, call: ast.Call) -> None:
        if id(call) in self._seen:
            return
        self._seen.add(id(call))
        text = next((word.value for word in call.keywords if word.arg == "text"), None)
        if text is not None:
            self.calls.append((call, self.value(text)))

    def value(self, node: ast.expr) -> Fragments | None:
        """Return the text of an expression with its places, None where nothing of it is known."""
        if self._depth > 200:
            return None
        self._depth += 1
        try:
            return self._value(node)
        finally:
            self._depth -= 1

    def _value(self, node: ast.expr) -> Fragments | None:
        match node:
            case ast.Constant(value=str() | bytes()):
                return literal(self._module, node)
            case ast.Name(id=name):
                return self.env.get(name)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                one, other = self.value(left), self.value(right)
                if one is None or other is None:
                    return one or other
                return one + other
            case ast.BinOp(left=left, op=ast.Mod(), right=right):
                return self._percent(left, right)
            case ast.IfExp(body=body, orelse=orelse):
                return self.value(orelse if self._last else body)
            case ast.JoinedStr():
                return self._joined(node)
            case ast.Call(func=ast.Attribute(value=value, attr=attr), args=args, keywords=keywords):
                return self._method(value, attr, args, keywords)
        return None

    def _table(self, node: ast.expr | None) -> dict[str, Fragments | None]:
        """The texts of a dictionary, as it is written or by its name."""
        if isinstance(node, ast.Name):
            return self._tables.get(node.id, {})
        entries = zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ()
        return {
            key.value: self.value(value) for key, value in entries
            if isinstance(key, ast.Constant) and isinstance(key.value, str)
        }  # fmt: skip

    def _method(
        self, value: ast.expr, attr: str, args: list[ast.expr], keywords: list[ast.keyword]
    ) -> Fragments | None:
        if attr == "dedent" and args:
            return self.value(args[0])
        base = self.value(value)
        if base is None:
            return None
        match attr:
            case "replace" if len(args) >= 2:
                return self._replace(base, args[0], args[1])
            case "format":
                return self._braces(base, args, keywords)
            case "strip" | "lstrip" | "rstrip" | "encode" | "decode" | "expandtabs":
                return base
        return None

    def _replace(self, base: Fragments, old: ast.expr, new: ast.expr) -> Fragments:
        wanted = self._module.string(old)
        if not wanted:
            known = self.value(old)
            wanted = known.text if known is not None else ""
        if not wanted:
            return base
        value, text = self.value(new), base.text
        spots: list[tuple[int, int, Fragments]] = []
        start = text.find(wanted)
        while start >= 0 and len(spots) < 1000:
            end = start + len(wanted)
            spots.append((start, end, value if value is not None else _stand_in(base, text, start, end)))
            start = text.find(wanted, end)
        return base.replaced(spots)

    def _percent(self, left: ast.expr, right: ast.expr) -> Fragments | None:
        base = self.value(left)
        if base is None:
            return None
        items = iter(right.elts if isinstance(right, ast.Tuple) else [right])
        table = self._table(right)
        spots = []
        for match in _PERCENT.finditer(base.text):
            if match[2] == "%":
                new: Fragments | None = base.cut(match.start(), match.start() + 1)
            else:
                item = next(items, None) if not match[1] else None
                new = self.value(item) if item is not None else table.get(match[1] or "")
            spots.append((match.start(), match.end(), new or _stand_in(base, base.text, *match.span())))
        return base.replaced(spots)

    def _braces(self, base: Fragments, args: list[ast.expr], keywords: list[ast.keyword]) -> Fragments:
        named = {word.arg: word.value for word in keywords if word.arg}
        table = next((self._table(word.value) for word in keywords if word.arg is None), {})
        spots, automatic = [], 0
        for match in _BRACE.finditer(base.text):
            if match[0] in ("{{", "}}"):
                new: Fragments | None = base.cut(match.start(), match.start() + 1)
            else:
                node: ast.expr | None = named.get(match[1])
                if not match[1] or match[1].isdigit():
                    position = int(match[1]) if match[1] else automatic
                    automatic += 1
                    node = args[position] if position < len(args) else None
                new = self.value(node) if node is not None else table.get(match[1])
            spots.append((match.start(), match.end(), new or _stand_in(base, base.text, *match.span())))
        return base.replaced(spots)

    def _joined(self, node: ast.JoinedStr) -> Fragments:
        """An f-string: its constant parts are looked up in the source in order, since Python 3.11 gives no places."""
        span = self._module.span(node)
        text = self._module.text
        start, end = text.offset(span.line, span.column), text.offset(span.end_line, span.end_column)
        source = text.data[start:end].decode("utf-8", "replace")
        at, found = 0, Fragments(())
        for part in node.values:
            place = _advance(source[:at], span.line, span.column)
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                written = part.value.replace("{", "{{").replace("}", "}}")
                position = source.find(written, at)
                if position >= 0:
                    place = _advance(source[:position], span.line, span.column)
                    at = position + len(written)
                found += Fragments(tuple(_lines(part.value, *place)))
            elif isinstance(part, ast.FormattedValue):
                found += self.value(part.value) or self._number(part.value, place)
        return found

    def _number(self, node: ast.expr, place: tuple[int, int]) -> Fragments:
        known = self._module.integer(node)
        return Fragments((Piece(UNKNOWN if known is None else str(known), *place),))


def is_bpf(module: Module, call: ast.Call) -> bool:
    """Return whether a call makes a bcc BPF object."""
    return module.resolve(call.func) in ("bcc.BPF", "BPF", "bcc.bcc.BPF")


def _own_expressions(node: ast.stmt) -> Iterator[ast.expr]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield child
        elif isinstance(child, ast.withitem):
            yield child.context_expr


def _stand_in(base: Fragments, text: str, start: int, end: int) -> Fragments:
    """What stands for an unknown text: nothing where it fills a line of its own, a number elsewhere."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    stop = text.find("\n", end)
    after = text[end : stop if stop >= 0 else len(text)]
    if not before.strip() and not after.strip():
        return Fragments(())
    first = base.cut(start, start + 1).pieces
    return Fragments((Piece(UNKNOWN, first[0].line, first[0].column),)) if first else Fragments(())


def _lines(text: str, line: int, column: int) -> Iterator[Piece]:
    for number, part in enumerate(text.splitlines(keepends=True)):
        yield Piece(part, line + number, column if number == 0 else 1)


def literal(module: Module, node: ast.Constant) -> Fragments:
    """Return a string constant with the place of each character, escapes and adjacent literals decoded."""
    span = module.span(node)
    start = module.text.offset(span.line, span.column)
    end = module.text.offset(span.end_line, span.end_column)
    source = module.text.data[start:end].decode("utf-8", "replace")
    pieces = tuple(_decode(source, span.line, span.column))
    found = Fragments(pieces)
    value = node.value.decode("latin-1") if isinstance(node.value, bytes) else str(node.value)
    if found.text.replace("\r\n", "\n") != value:  # an escape that is not decoded here: keep the lines at least
        return Fragments(tuple(_lines(value, span.line, span.column)))
    return found


def _decode(source: str, line: int, column: int) -> Iterator[Piece]:
    position = 0
    while (match := _LITERAL.search(source, position)) is not None:
        line, column = _advance(source[position : match.end()], line, column)
        position = match.end()
        raw, quote = "r" in match[1].lower(), match[2]
        run, run_line, run_column = "", line, column
        while position < len(source) and not source.startswith(quote, position):
            char, length = _character(source, position, raw)
            plain = length == 1 and char == source[position]
            if not plain and run:
                yield Piece(run, run_line, run_column)
                run = ""
            if not run:
                run_line, run_column = line, column
            run += char
            line, column = _advance(source[position : position + length], line, column)
            position += length
            if not plain or char == "\n":
                if run:
                    yield Piece(run, run_line, run_column)
                run = ""
        if run:
            yield Piece(run, run_line, run_column)
        line, column = _advance(source[position : position + len(quote)], line, column)
        position += len(quote)


def _character(source: str, position: int, raw: bool) -> tuple[str, int]:
    char = source[position]
    if char != "\\" or position + 1 >= len(source):
        return char, 1
    following = source[position + 1]
    if raw:
        return char, 1
    if following == "\n":
        return "", 2
    if following == "x" and re.match(r"[0-9a-fA-F]{2}", source[position + 2 : position + 4]):
        return chr(int(source[position + 2 : position + 4], 16)), 4
    if following in _ESCAPES:
        return _ESCAPES[following], 2
    return char, 1


def _advance(text: str, line: int, column: int) -> tuple[int, int]:
    count = text.count("\n")
    if not count:
        return line, column + len(text)
    return line + count, len(text) - text.rfind("\n")
