"""Which types does a BTF blob hold? Opened with one pass over the type section, decoded a type at a time.

Opening a kernel's 5 MB only finds where each of its 126,000 types begins; a type is decoded, and checked, when it
is asked for. Every id, offset, count and cycle is checked before use: whatever the bytes, the only error is
`BtfError`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from bpflint.btf import types as t
from bpflint.btf.decode import DECODERS, Record, decode_other
from bpflint.btf.errors import BtfError
from bpflint.btf.lookup import Types
from bpflint.btf.wire import MAX_ELEMENTS, ByteOrder, read_sections, type_starts

_CACHE_WEIGHT = 600_000
"""Types and elements kept decoded, each some 150 bytes; a kernel's whole BTF has 400,000."""
_CHARS = 32
"""Characters of names that count as one element; equal tails of one long string can make names without end."""
_INDEX_CHARS = 32 << 20
_INDEX_AFTER = 36
"""An index of a kernel's names takes 110 ms, a search for names 9 (3 here), one for names of some kinds 4 (1 here)."""


class Btf(Types):
    """The types of one blob, or of a blob split from `base` (a module's BTF over its kernel's).

    Ids count from 1; 0 is `void`. With a base, ids and names of the base come first, as the format says.
    """

    __slots__ = (
        "_base", "_chars", "_first", "_index", "_names", "_room", "_searches", "_sections", "_starts",
        "_types",
    )  # fmt: skip

    def __init__(self, data: bytes, base: Btf | None = None) -> None:
        """Open a blob; BtfError when its header, sections or record sizes are wrong."""
        self._sections = read_sections(data, split=base is not None)
        if base is not None and base.byte_order != self._sections.byte_order:
            raise BtfError("BTF: the split blob and its base differ in byte order")
        self._base = base
        self._first = len(base) if base else 1
        self._starts = type_starts(self._sections)
        self._names: dict[int, str] = {}
        self._chars = 0
        self._types: dict[int, t.BtfType] = {}
        self._room = _CACHE_WEIGHT
        self._index: dict[str, tuple[int, ...]] | None = None
        self._searches = 0

    def __len__(self) -> int:
        """Return how many ids there are, `void` and the base's included: the first id that does not exist."""
        return self._first + len(self._starts)

    @property
    def byte_order(self) -> ByteOrder:
        """The byte order of the target the types were made for."""
        return self._sections.byte_order

    @property
    def base(self) -> Btf | None:
        """The BTF this one was split from."""
        return self._base

    def own_ids(self) -> range:
        """Return the ids defined by this blob itself, without its base's."""
        return range(self._first, len(self))

    @property
    def string_bytes(self) -> int:
        """Size of the string section, the base's included: the first name offset that does not exist."""
        return len(self._sections.strings) + (self._base.string_bytes if self._base else 0)

    def kind(self, type_id: int) -> int:
        """Return the kind of an id (0 for `void`); BtfError when the id does not exist."""
        if type_id < self._first:
            return self._base.kind(type_id) if self._base else self._void(type_id)
        return self._sections.words[self._start(type_id) + 1] >> 24 & 0x7F

    def name(self, type_id: int) -> str:
        """Return the name of an id, "" for `void` and unnamed types, without decoding the rest."""
        if type_id < self._first:
            return self._base.name(type_id) if self._base else self._void(type_id) * ""
        return self.string(self._sections.words[self._start(type_id)])

    def type(self, type_id: int) -> t.BtfType:
        """Return a type by id; BtfError when it does not exist, is `void`, or its record makes no sense."""
        found = self._types.get(type_id)
        if found is not None:
            return found
        if type_id < self._first:
            if self._base is None:
                raise BtfError(f"BTF: type {type_id} is void or negative")
            return self._base.type(type_id)
        found, weight = self._decode(type_id)
        self._room -= weight
        if self._room < 0:
            self._types.clear()
            self._room = _CACHE_WEIGHT - weight
        self._types[type_id] = found
        return found

    def types(self) -> Iterator[tuple[int, t.BtfType]]:
        """Yield each of the blob's own ids with its type, decoded but not kept."""
        for type_id in self.own_ids():
            yield type_id, self._types.get(type_id) or self._decode(type_id)[0]

    def string(self, offset: int) -> str:
        """Return the name at an offset of the string section; BtfError when it is outside."""
        name = self._names.get(offset)
        if name is None:
            name = self._string(offset)
            self._chars += len(name)
            if len(self._names) > _CACHE_WEIGHT // 2 or self._chars > _CACHE_WEIGHT * _CHARS:
                self._names.clear()
                self._chars = 0
            self._names[offset] = name
        return name

    def name_offsets(self) -> dict[str, int]:
        """Return the offset of every string, the base's included; of equal strings the first."""
        offsets = self._base.name_offsets() if self._base else {}
        at = self._base.string_bytes if self._base else 0
        for raw in self._sections.strings.split(b"\0")[:-1]:
            offsets.setdefault(raw.decode("utf-8", "backslashreplace"), at)
            at += len(raw) + 1
        return offsets

    def find(self, name: str, *kinds: int) -> tuple[int, ...]:
        """Return the ids of exactly that name, the base's included; of these kinds when any are given."""
        return self.find_all((name,), *kinds)[name]

    def find_all(self, names: Iterable[str], *kinds: int) -> dict[str, tuple[int, ...]]:
        """Return the ids of each name, () for a name that occurs nowhere; one pass for all of them.

        Of given kinds the names of their types are looked at; else the names are looked up in the string section and
        offsets compared. No other name is decoded.
        """
        wanted = tuple(dict.fromkeys(names))
        if self._searches < _INDEX_AFTER:
            self._searches += 1 if kinds else 3
            self._index = self._build_index() if self._searches >= _INDEX_AFTER else None
        if self._index is not None:
            own = {name: self._index.get(name, ()) for name in wanted}
            if kinds:
                own = {name: tuple(i for i in ids if self.kind(i) in kinds) for name, ids in own.items()}
        else:
            own = self._scan_kinds(wanted, frozenset(kinds)) if kinds else self._scan(wanted)
        if self._base is None:
            return own
        return {name: ids + own[name] for name, ids in self._base.find_all(wanted, *kinds).items()}

    def holding(self, mark: str) -> dict[str, tuple[int, ...]]:
        """Return the ids of every name that holds a text before its end (`___`), the base's included."""
        flags, room = self._marked(mark.encode()), _INDEX_CHARS
        found: dict[str, list[int]] = {}
        for name, ids in (self._base.holding(mark) if self._base else {}).items():
            found[name] = list(ids)
        for type_id, at in enumerate(self._starts, self._first):
            offset = self._sections.words[at]
            if offset < len(flags) and flags[offset]:
                name = self.string(offset)
                room -= len(name)
                if room < 0:
                    raise BtfError(f"BTF: more than {_INDEX_CHARS} characters of names with {mark!r}")
                found.setdefault(name, []).append(type_id)
        return {name: tuple(ids) for name, ids in found.items()}

    def check(self) -> None:
        """Decode every type; BtfError at the first that makes no sense."""
        for _ in self.types():
            pass

    def _void(self, type_id: int) -> int:
        if type_id != t.VOID:
            raise BtfError(f"BTF: there is no type {type_id}")
        return 0

    def _start(self, type_id: int) -> int:
        index = type_id - self._first
        if index >= len(self._starts):
            raise BtfError(f"BTF: there is no type {type_id}; the last is {len(self) - 1}")
        return self._starts[index]

    def _string(self, offset: int) -> str:
        start = offset
        if self._base is not None:
            inside = self._base.string_bytes
            if offset < inside:
                return self._base.string(offset)
            start -= inside
        strings = self._sections.strings
        if start >= len(strings):
            raise BtfError(f"BTF: name offset {offset} is outside the {self.string_bytes} bytes of names")
        return strings[start : strings.index(0, start)].decode("utf-8", "backslashreplace")

    def _decode(self, type_id: int) -> tuple[t.BtfType, int]:
        words = self._sections.words
        at = self._start(type_id)
        info = words[at + 1]
        kind, count = info >> 24 & 0x7F, info & 0xFFFFFF
        decoder: Callable[[Record], t.BtfType] = DECODERS.get(kind, decode_other)
        each = self._sections.kinds[kind][1]
        if count > MAX_ELEMENTS and each:
            raise BtfError(f"BTF: type {type_id} has {count} elements, more than {MAX_ELEMENTS}")
        before = self._chars
        found = decoder(Record(self, type_id, words, at, info, len(self)))
        return found, 1 + count * bool(each) + max(0, self._chars - before) // _CHARS

    def _scan(self, names: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
        words, starts, first = self._sections.words, self._starts, self._first
        wanted = self._offsets([name for name in names if name])
        found: dict[str, list[int]] = {name: [] for name in names}
        sought = frozenset(wanted)
        for at in [at for at in starts if words[at] in sought]:
            found[wanted[words[at]]].append(first + bisect_left(starts, at))
        return {name: tuple(ids) for name, ids in found.items()}

    def _scan_kinds(self, names: tuple[str, ...], kinds: frozenset[int]) -> dict[str, tuple[int, ...]]:
        """Search the kind bytes of all words, whatever they are, then look at the names before them."""
        words, starts, strings = self._sections.words, self._starts, self._sections.strings
        marks = self._sections.kind_bytes().translate(_flags(kinds))
        places = [hit.start() for hit in re.finditer(b"\1", marks)]
        found: dict[str, list[int]] = {name: [] for name in names}
        if self._base is None:
            sought = [name.encode("utf-8", "surrogatepass") + b"\0" for name in names if name]
            length = min(map(len, sought), default=0)
            heads = frozenset(item[:length] for item in sought)
            places = [at for at in places if strings[(start := words[at]) : start + length] in heads]
        for at in places:
            index = bisect_left(starts, at)
            if index < len(starts) and starts[index] == at and (name := self.string(words[at])) in found and name:
                found[name].append(self._first + index)
        return {name: tuple(ids) for name, ids in found.items()}

    def _offsets(self, names: list[str]) -> dict[int, str]:
        """Return where the names stand in the string section, the base's included.

        A name without a string of its own may still be the tail of a longer one.
        """
        strings = self._sections.strings
        before = self._base.string_bytes if self._base else 0
        offsets = self._base._offsets(names) if self._base else {}
        sought = {name.encode("utf-8", "surrogatepass"): name for name in names}
        if sought:
            places = (match.span(1) for match in _whole(sought).finditer(strings))
            offsets |= {before + start: sought[strings[start:end]] for start, end in places}
            first = strings[: strings.find(0)]  # a split blob's: all others have a NUL before them
            offsets |= {before: sought[first]} if first in sought else {}
        for missing in set(names).difference(offsets.values()):
            tail = re.escape(missing.encode("utf-8", "surrogatepass")) + rb"\0"
            offsets |= {before + m.start(): missing for m in re.finditer(tail, strings)}
        return offsets

    def _marked(self, mark: bytes) -> bytes:
        """Return a byte for each name offset, 1 where the name that begins there holds the mark."""
        strings = self._sections.strings
        flags = bytearray(len(strings))
        at, done = strings.find(mark), 0
        while at >= 0:
            start = max(done, strings.rfind(b"\0", done, at) + 1)
            flags[start : at + 1] = b"\1" * (at + 1 - start)
            done = at + 1
            at = strings.find(mark, done)
        return (self._base._marked(mark) if self._base else b"") + bytes(flags)

    def _build_index(self) -> dict[str, tuple[int, ...]] | None:
        """Return every id by name, None when the names are too much to keep."""
        index: dict[str, list[int]] = {}
        words, string, room = self._sections.words, self.string, _INDEX_CHARS
        for type_id, at in enumerate(self._starts, self._first):
            if words[at]:
                name = string(words[at])
                index.setdefault(name, []).append(type_id)
                room -= len(name)
                if room < 0:
                    return None
        return {name: tuple(ids) for name, ids in index.items()}


@cache
def _flags(kinds: frozenset[int]) -> bytes:
    """Return a table for `bytes.translate`: 1 for the highest byte of an info word of one of some kinds."""
    return bytes(byte & 0x7F in kinds for byte in range(256))


def _whole(words: Iterable[bytes]) -> re.Pattern[bytes]:
    """Return a pattern for any of some words between two NULs.

    By the first byte, for that takes 4.3 ms in a kernel's names where a plain choice takes 5.3.
    """
    tails: dict[bytes, list[bytes]] = {}
    for word in sorted(words):
        tails.setdefault(word[:1], []).append(re.escape(word[1:]))
    choice = b"|".join(re.escape(first) + b"(?:" + b"|".join(items) + b")" for first, items in tails.items())
    return re.compile(rb"\0(" + choice + rb")(?=\0)")
