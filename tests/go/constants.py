"""Which constants do the tests try? Random blocks with iota, implicit repetition, typed and untyped arithmetic."""

from __future__ import annotations

import random
import re

_TYPES = ("uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "int", "uintptr", "rune", "byte",
          "Kind", "Flags")  # fmt: skip
_INTEGERS = (
    "1_000_000", "0b1011", "017", "0o640", "0xff", "1 << 10",
    "'a'", "'\\n'", "'\\xff'", "'\\u00e9'", "'\\''", "math.MaxUint32",
    "math.MaxInt16", "1e3", "2.0",
)  # fmt: skip
_FLOATS = ("2.5", "1e3", "0x1p-2", ".25", "1_0.5", "math.Pi", "6.02e23", "3")
_SIZES = ("unsafe.Sizeof(Held{})", "unsafe.Offsetof(Held{}.C)", "unsafe.Alignof(uint16(0))", "unsafe.Sizeof(Held{}.B)")
_LENGTHS = ("len(Held{}.B)", "len(table)", "len([7]int{})", 'len("abc")', "len([...]int{4: 1})")
_STRINGS = ('"h\u00e9llo"', '"a\\x41\\t\\377"', "`raw\\n`", '""', '"\\u65e5\\U0001F600"', "string(rune(65))")
_OPERATORS = ("+", "-", "*", "/", "%", "&", "|", "^", "&^")
PRELUDE = """package m

import (
	"math"
	"unsafe"
)

type Kind uint16
type Flags uint64
type Text string
type Held struct {
	A uint8
	B [3]uint16
	C uint32
}

var table = [...]int{3: 1, 2, 9: 0}
var _ = table
"""


class Constants:
    """Makes const blocks; later ones use names of earlier ones of the same type."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self.names: list[str] = []
        self._typed: dict[str, list[str]] = {}
        self.blocks: list[tuple[int, str]] = []
        """The first line and the text of each block."""

    def source(self, count: int) -> str:
        """Return a package with about `count` constants, not all of them valid Go."""
        text = PRELUDE
        while len(self.names) < count:
            block = self._block() + "\n"
            self.blocks.append((text.count("\n") + 1, block))
            text += block
        return text

    def valid(self, wrong: list[int]) -> set[str]:
        """Return the names of the blocks that neither have a wrong line nor use a name of a block that has."""
        names = re.compile(r"\bc\d+\b")
        kept: set[str] = set()
        bad: set[str] = set()
        for first, text in self.blocks:
            here = set(names.findall(text))
            broken = any(first <= line < first + text.count("\n") for line in wrong) or here & bad
            (bad if broken else kept).update(here - kept)
        return kept

    def _block(self) -> str:
        type_ = self._rng.choice(("", "", "", "float", "string", "Text", "bool", *_TYPES))
        if self._rng.random() < 0.4:
            return f"const {self._fresh(type_)}{self._written(type_)} = {self._expr(type_, 0, False)}"
        lines = []
        width = self._rng.choice((1, 1, 1, 2, 3))
        for number in range(self._rng.randint(2, 5)):
            names = ", ".join(self._fresh(type_) if self._rng.random() > 0.15 else "_" for _ in range(width))
            if number and self._rng.random() < 0.6:
                lines.append(f"\t{names}")
            else:
                values = ", ".join(self._expr(type_, 0, True) for _ in range(width))
                lines.append(f"\t{names}{self._written(type_)} = {values}")
            if self._rng.random() < 0.1:
                lines.append("\t// a comment\n")
        return "const (\n" + "\n".join(lines) + "\n)"

    def _fresh(self, type_: str) -> str:
        self.names.append(f"c{len(self.names)}")
        self._typed.setdefault(type_, []).append(self.names[-1])
        return self.names[-1]

    def _written(self, type_: str) -> str:
        return f" {type_}" if type_ not in ("", "float", "bool", "string") else ""

    def _expr(self, type_: str, depth: int, iota: bool) -> str:
        rng = self._rng
        if type_ == "bool":
            inner = rng.choice(("", "uint32", "string", "float"))
            operator = rng.choice(("==", "!=", "<", "<=", ">", ">="))
            compared = f"({self._expr(inner, depth + 1, iota)} {operator} {self._expr(inner, depth + 1, iota)})"
            return rng.choice((compared, "true", f"!{compared}", f"({compared} && {self._leaf('bool', iota)})"))
        if depth > 2 or rng.random() < 0.3:
            return self._leaf(type_, iota)
        left, right = self._expr(type_, depth + 1, iota), self._expr(type_, depth + 1, iota)
        if type_ in ("string", "Text"):
            return f"({left} + {right})"
        if type_ == "float":
            return rng.choice((f"({left} {rng.choice('+-*/')} {right})", f"-({left})", f"max({left}, {right})"))
        chance = rng.random()
        if chance < 0.5:
            return f"({left} {rng.choice(_OPERATORS)} {right})"
        if chance < 0.65:
            return f"({left} {rng.choice(('<<', '>>'))} {rng.choice((rng.randrange(12), 'iota' if iota else 3))})"
        if chance < 0.75:
            return f"{rng.choice(('-', '+', '^'))}({left})"
        if chance < 0.85:
            return f"{rng.choice(('min', 'max'))}({left}, {right})"
        other = rng.choice(("", *_TYPES))
        return f"{type_ or 'int'}({self._expr(other, depth + 1, iota)})"

    def _leaf(self, type_: str, iota: bool) -> str:
        rng = self._rng
        earlier = self._typed.get(type_, [])[-20:]
        if earlier and rng.random() < 0.3:
            return rng.choice(earlier)
        if type_ == "bool":
            return rng.choice(("true", "false"))
        if type_ in ("string", "Text"):
            return rng.choice(_STRINGS)
        if type_ == "float":
            return rng.choice(_FLOATS)
        if iota and rng.random() < 0.45:
            return "iota"
        if type_ == "uintptr" and rng.random() < 0.4:
            return rng.choice(_SIZES)
        if type_ == "int" and rng.random() < 0.4:
            return rng.choice(_LENGTHS)
        return rng.choice((str(rng.randrange(100)), hex(rng.randrange(1, 128)), rng.choice(_INTEGERS)))
