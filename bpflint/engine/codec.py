"""How does plain data get onto the disk and back? As one table of rows that `marshal` takes; what is shared stays so.

A row holds the number of an object's class and the values of its fields; where a field holds another object, the row
holds the place of that one's own row, which stands earlier (0: None). What a file holds is data: nothing in it is ever
called or imported, whoever wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import Field, fields, is_dataclass
from enum import Enum
from functools import partial
from operator import attrgetter
from types import ModuleType
from typing import Any, Literal

from bpflint.model.flow import Function, fill, leave_out

_ALIAS = re.compile(r"Literal\[[^\]]*\]")
_NUMBERS = frozenset({"int", "bool", "float", "Bits"})
_PLAIN = _NUMBERS | {
    "str", "bytes", "None", "Applicability", "ByteOrder", "Disposition", "Language", "Outcome", "Persona", "Role",
    "Side",
}  # fmt: skip
"""Words of annotations whose values are stored as they are."""
_BODIES = "tuple[Block, ...]"
"""What a function holds and nothing else does."""
_MANY = re.compile(r"tuple\[\w+, \.\.\.\]")
How = Literal["plain", "mapping", "one", "either", "many", "nested", "bodies"]
"""What a field holds: nothing but plain values, a mapping of such, an object or None, an object or a number, a tuple of
objects, tuples of tuples that mix objects and text; what a function does, which stands apart."""
Row = tuple[Any, ...]
Bodies = tuple[list[Row], list[tuple[int, tuple[int, ...]]]]
"""The rows behind those of a table, and by the place of each function those of its blocks."""
Maker = Callable[[list[Any], Row], object]
Writer = tuple[int, Callable[[Any], Row], list[tuple[int, How]]]
"""The number of a class, what takes the values of its fields, and where those hold more than plain values."""
Packed = tuple[list[Row], object]
"""A table, and tuples and dicts that name its rows."""


def kinds_of(module: ModuleType) -> list[type]:
    """Return the dataclasses and enumerations that a module defines."""
    own = (item for _, item in sorted(vars(module).items()) if isinstance(item, type))
    return [
        item for item in own
        if item.__module__ == module.__name__ and (is_dataclass(item) or issubclass(item, Enum))
    ]  # fmt: skip


class Codec:
    """Writes and reads objects of a closed list of dataclasses and enumerations."""

    def __init__(self, kinds: Iterable[type]) -> None:
        self._kinds = tuple(kinds)
        self._rows = tuple(fields(kind) if is_dataclass(kind) else () for kind in self._kinds)
        self._hows = tuple(tuple(map(how_of, row)) for row in self._rows)
        self._makers: list[Maker] = [partial(self._first, number) for number in range(len(self._kinds))]
        self._writers = _Writers(self._kinds, self._rows, self._hows)

    def shape(self) -> str:
        """Return what tells this list of classes and fields from another: data of one cannot be read by the other."""
        pairs = zip(self._kinds, self._rows, strict=True)
        return ";".join(f"{kind.__name__}({','.join(item.name for item in row)})" for kind, row in pairs)

    def encode(self, value: object) -> list[Row]:
        """Return an object's table; its own row is the last. TypeError for what the list does not hold."""
        table = self._table()
        table.place(value)
        return table.rows

    def encode_apart(self, value: object) -> tuple[list[Row], Bodies]:
        """Return an object's table, and apart from it what the functions in it do; see `encode`."""
        table = self._table()
        table.place(value)
        count = len(table.rows)
        places = table.place_bodies()
        return table.rows[:count], (table.rows[count:], places)

    def decode(self, rows: Sequence[Row]) -> Any:
        """Return the object that `encode` was given; some LookupError, TypeError or ValueError for other data."""
        return self._made(rows)[-1]

    def decode_apart(self, rows: Sequence[Row], bodies: Callable[[], Bodies]) -> Any:
        """Return what `encode_apart` was given; `bodies` is asked when somebody looks at what a function does."""
        made = self._made(rows)
        functions = [item for item in made if item.__class__ is Function]

        def read() -> None:
            more, places = bodies()
            self._make(made, more)
            for at, blocks in places:
                fill(made[at], tuple([made[block] for block in blocks]))

        leave_out(functions, read)
        return made[-1]

    def encode_any(self, value: object) -> Packed:
        """Return the table of text, numbers and objects in tuples and dicts, and what they are in; see `encode`."""
        table = self._table()
        outer = _outer(value, table)
        return table.rows, outer

    def decode_any(self, packed: Packed) -> Any:
        """Return what `encode_any` was given; errors as those of `decode`."""
        return _inner(packed[1], self._made(packed[0]))

    def _table(self) -> _Table:
        return _Table(self._writers)

    def _made(self, rows: Sequence[Row]) -> list[Any]:
        made = list[Any]((None,))
        self._make(made, rows)
        return made

    def _make(self, made: list[Any], rows: Sequence[Row]) -> None:
        """Make the objects of some rows, behind those that their places count from."""
        makers, append = self._makers, made.append
        for row in rows:
            append(makers[row[0]](made, row))

    def _first(self, number: int, made: list[Any], row: Row) -> object:
        """Stands in until there is an object of a class: most classes have none in a run."""
        self._makers[number] = maker = _maker(self._kinds[number], self._hows[number])
        return maker(made, row)


def _outer(value: object, table: _Table) -> object:
    """Lists stand for what is no plain value: of one place for an object, of two for a dict."""
    if value is None or type(value) in (str, int, bool, float, bytes):
        return value
    if isinstance(value, tuple):
        return tuple(_outer(item, table) for item in value)
    if isinstance(value, dict):
        return ["dict", tuple((_outer(key, table), _outer(item, table)) for key, item in value.items())]
    return [table.place(value)]


def _inner(value: Any, made: Sequence[object]) -> object:
    if value.__class__ is tuple:
        return tuple([_inner(item, made) for item in value])
    if value.__class__ is list:
        return made[value[0]] if len(value) == 1 else {_inner(key, made): _inner(item, made) for key, item in value[1]}
    return value


class _Writers(dict[type, Writer]):
    """What writes the objects of each class, made for the first of them; TypeError for a class of no list."""

    def __init__(
        self, kinds: Sequence[type], rows: Sequence[Sequence[Field[Any]]], hows: Sequence[Sequence[How]]
    ) -> None:
        super().__init__()
        self._numbers = {kind: number for number, kind in enumerate(kinds)}
        self._rows, self._hows = rows, hows

    def __missing__(self, kind: type) -> Writer:
        number = self._numbers.get(kind)
        if number is None:
            raise TypeError(f"{kind.__name__} is no plain data")
        deep: list[tuple[int, How]] = [(at, how) for at, how in enumerate(self._hows[number]) if how != "plain"]
        self[kind] = found = number, _getter(self._rows[number]), deep
        return found


class _Table:
    """The rows written so far, and where each object's row is."""

    def __init__(self, writers: Mapping[type, Writer]) -> None:
        self.rows: list[Row] = []
        self._places: dict[int, int] = {id(None): 0}
        self._kept: list[object] = []
        self._writers = writers

    def place(self, value: object) -> int:
        """Return the place of an object's row, which is written first where it is new."""
        found = self._places.get(id(value))
        if found is not None:
            return found
        number, getter, deep = self._writers[type(value)]
        row = getter(value)
        if deep:
            values = list(row)
            for at, how in deep:
                values[at] = self._held(values[at], how)
            row = tuple(values)
        self.rows.append((number, *row))
        self._kept.append(value)  # an id stays taken while its object lives
        self._places[id(value)] = len(self.rows)
        return len(self.rows)

    def place_bodies(self) -> list[tuple[int, tuple[int, ...]]]:
        """Place what the functions placed so far do, and return the places by that of the function."""
        functions = [(at, item) for at, item in enumerate(self._kept, 1) if isinstance(item, Function)]
        return [(at, tuple(map(self.place, item.blocks))) for at, item in functions]

    def _held(self, value: Any, how: How) -> object:
        match how:
            case "bodies":
                return ()
            case "one":
                return self.place(value)
            case "many":
                return tuple(map(self.place, value))
            case "either":
                return value if isinstance(value, int) else (self.place(value),)
            case "mapping":
                return dict(value)
            case _:
                return self._nested(value)

    def _nested(self, value: object) -> object:
        if isinstance(value, tuple):
            return tuple(map(self._nested, value))
        return value if isinstance(value, str) else self.place(value)


def _getter(row: Sequence[Field[Any]]) -> Callable[[Any], Row]:
    names = [item.name for item in row]
    if not names:
        return lambda value: (value.value,)
    getter = attrgetter(*names)
    return getter if len(names) > 1 else lambda value: (getter(value),)


def _maker(kind: type, hows: Sequence[How]) -> Maker:
    """Return a function that makes an object of the objects before it and its row; written out, since many are made."""
    if not hows:
        return lambda _made, row: kind(row[1])
    named = [f"{item.name}=" if item.kw_only else "" for item in fields(kind)]
    values = ", ".join(named[at] + _FORMS[how].format(at + 1) for at, how in enumerate(hows))
    names: dict[str, Any] = {"kind": kind, "nested": _unnested}
    exec(compile(f"def make(made, row): return kind({values})", __file__, "exec"), names)
    maker: Maker = names["make"]
    return maker


_FORMS: dict[How, str] = {
    "plain": "row[{0}]", "mapping": "row[{0}]", "bodies": "row[{0}]",
    "one": "made[row[{0}]]", "nested": "nested(made, row[{0}])",
    "many": "tuple([made[at] for at in row[{0}]])",
    "either": "made[row[{0}][0]] if row[{0}].__class__ is tuple else row[{0}]",
}  # fmt: skip


def _unnested(made: Sequence[object], value: object) -> object:
    if isinstance(value, tuple):
        return tuple(_unnested(made, item) for item in value)
    return made[value] if isinstance(value, int) else value


def how_of(item: Field[Any]) -> How:
    """Return how a field is stored, by its annotation; TypeError for one that mixes objects and numbers."""
    text = _ALIAS.sub("", str(item.type))
    if text == _BODIES:
        return "bodies"
    words = set(re.findall(r"[A-Za-z]\w*", text))
    objects = words - _PLAIN - {"tuple", "Mapping", "Sequence"}
    if not objects:
        return "mapping" if "Mapping" in words else "plain"
    numbers = bool(words & _NUMBERS)
    if "tuple" not in words and "Mapping" not in words:
        return "either" if numbers else "one"
    if numbers or "Mapping" in words:
        raise TypeError(f"{item.name}: objects in {item.type} cannot be told from numbers")
    return "many" if _MANY.fullmatch(text) else "nested"
