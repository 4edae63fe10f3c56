"""Which Go structs do the tests try? Random ones: nested, embedded, blank, zero-size tails, lengths by constants."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

SCALARS = (
    "bool", "byte", "rune", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "int", "uint",
    "uintptr", "float32", "float64", "complex64", "complex128",
)  # fmt: skip
FIXED = tuple(name for name in SCALARS if name not in ("int", "uint", "uintptr"))
EMPTY = ("struct{}", "[0]uint64", "[0]byte", "structs.HostLayout", "[3]struct{}")
LENGTHS = (
    "1", "2", "3", "4", "5", "7", "16", "Small", "Small + 1", "Wide*2 - 1", "1 << Small", "len(Text)", "other.Size",
)  # fmt: skip
MODULE = "example.com/m"
OTHER = """package other

import "unsafe"

const (
	Size = 3 + iota
	Next
	_
	Last
)

type Port uint16

type Inner struct {
	A uint8
	B uint64
	_ [Last - Next]byte
}

type Pair[K, V any] struct {
	Key   K
	Value V
	_     [unsafe.Sizeof(Inner{}.B)]uint8
}

type Alias = Inner
"""
PRELUDE = """package m

import (
	"structs"
	"unsafe"

	other "example.com/m/other"
)

const (
	Small = iota + 2
	Wide
	Text  = "four"
)

type Kind uint32
type Tiny Kind
type Flag bool
type Block [Wide]uint16
type Words Block

var _ structs.HostLayout
var _ unsafe.Pointer
var _ other.Port
"""
NAMED = (
    "Kind", "Tiny", "Flag", "Block", "Words", "other.Port", "other.Inner", "other.Alias", "other.Pair[uint8, Kind]",
    "other.Pair[Tiny, [2]uint64]",
)  # fmt: skip


@dataclass(slots=True)
class Structs:
    """Makes struct declarations one after the other; later ones may hold earlier ones."""

    rng: random.Random
    scalars: tuple[str, ...] = SCALARS
    pointers: bool = True
    hidden: bool = False
    """Whether some fields are not exported."""
    names: list[str] = field(default_factory=list)
    embedded: set[str] = field(default_factory=set)
    levels: dict[str, int] = field(default_factory=dict)
    """How deep each struct nests others; past three they would grow without bounds."""
    level: int = 0

    def declare(self, name: str) -> str:
        """Return the declaration of one struct."""
        self.embedded, self.level = set(), 0
        body = self._body(0)
        self.names.append(name)
        self.levels[name] = self.level
        return f"type {name} struct {{\n{body}}}\n"

    def _body(self, depth: int) -> str:
        lines = []
        if self.rng.random() < 0.15:
            lines.append("_ structs.HostLayout")
        lines.extend(self._field(number, depth) for number in range(self.rng.randint(0 if depth else 1, 7)))
        if self.rng.random() < 0.15:
            lines.append(f"{self._name(9)} {self.rng.choice(EMPTY)}")
        return "".join(f"\t{line}\n" for line in lines)

    def _earlier(self) -> str:
        name = self.rng.choice([item for item in self.names if self.levels[item] < 3])
        self.level = max(self.level, self.levels[name] + 1)
        return name

    def _field(self, number: int, depth: int) -> str:
        chance = self.rng.random()
        if chance < 0.1:
            return f"_ {self._type(depth)}"
        if chance < 0.16 and self.names and depth == 0:
            inner = self._earlier()
            if inner not in self.embedded:
                self.embedded.add(inner)
                return f"*{inner}" if self.pointers and self.rng.random() < 0.2 else inner
        if chance < 0.22:
            return f"{self._name(number)}, {self._name(number + 20)} {self._type(depth)}"
        return f"{self._name(number)} {self._type(depth)} `x:\"{number}\"`"

    def _name(self, number: int) -> str:
        return f"{'f' if self.hidden and self.rng.random() < 0.15 else 'F'}{number}"

    def _type(self, depth: int) -> str:
        chance = self.rng.random()
        if chance < 0.3:
            return f"[{self.rng.choice(LENGTHS)}]{self._type(depth + 1)}" if depth < 3 else "byte"
        if chance < 0.4:
            return self.rng.choice(NAMED)
        if chance < 0.5 and self.names:
            return self._earlier()
        if chance < 0.55 and depth < 2:
            saved, self.embedded = self.embedded, set()
            body = self._body(depth + 1)
            self.embedded = saved
            return "struct {\n" + body + "\t}"
        if chance < 0.6 and self.pointers:
            return self.rng.choice(("*uint32", "unsafe.Pointer", "*[4]int"))
        return self.rng.choice(self.scalars)


def random_structs(seed: int, count: int, **settings: bool | tuple[str, ...]) -> tuple[str, list[str]]:
    """Return the Go source of a package of `count` structs, and their names."""
    maker = Structs(random.Random(seed), **settings)  # type: ignore[arg-type]
    parts = [PRELUDE]
    parts.extend(maker.declare(f"S{number}") for number in range(count))
    return "\n".join(parts), maker.names
