"""How does a rule speak of bytes that were never written? What reaches where, in words, with places and a fix."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bpflint.api import (
    AddressOf,
    Array,
    Assign,
    CallExpr,
    Confidence,
    Context,
    Declare,
    Edit,
    Expr,
    Fix,
    Function,
    Layouts,
    Name,
    Piece,
    Reach,
    RecordDecl,
    Related,
    Span,
    Step,
    Type,
    Unit,
    dataclass,
    members,
    operations,
    pieces,
    strip,
)  # fmt: skip

_SHOWN = 3
_HASHED = frozenset(("hash", "percpu_hash", "lru_hash", "lru_percpu_hash", "hash_of_maps", "sockhash"))


@dataclass(frozen=True, slots=True)
class Unset:
    """One object of one function, the first place where its bytes are read, and those that are not set there."""

    reach: Reach
    bits: int
    always: bool
    """They are set on no path."""

    @property
    def name(self) -> str:
        """The variable."""
        return self.reach.object.name.name

    @property
    def declared(self) -> Span:
        """Where the object comes from."""
        return self.reach.object.span or self.place

    @property
    def subject(self) -> str:
        """Function and object."""
        return f"{self.reach.function.name}:{self.name}"

    @property
    def confidence(self) -> Confidence:
        """Less than high where a compiler may clear what is left out, or only some paths miss it."""
        only_loose = not self.bits & ~self.reach.loose
        return Confidence.MEDIUM if only_loose or not self.always else Confidence.HIGH

    @property
    def place(self) -> Span:
        """The argument that hands the object out."""
        call = self.reach.call
        spans = [item.span for item in call.args if _names(item, self.reach.object.name) and item.span is not None]
        return spans[0] if spans else call.span or self.reach.function.span

    def words(self, ctx: Context, unit: Unit) -> str:
        """Which bytes, and how they came to be left out: `has 3 bytes never written: bytes 13..15 (…) of 16`."""
        found = pieces(self.reach.object.type, self.bits, ctx.layouts(unit))
        shown = ", ".join(self._piece(item) for item in found[:_SHOWN])
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        single = len(found) == 1 and found[0].end - found[0].start == 8
        return f"{shown}{more} of its {self.reach.object.size // 8} bytes {'is' if single else 'are'} {self._why()}"

    def _piece(self, piece: Piece) -> str:
        behind = (self.reach.text >> piece.start) & 0xFF
        return f"{piece}, behind the NUL" if behind else str(piece)

    def _why(self) -> str:
        if not self.bits & ~self.reach.loose:
            return "left to the compiler by an initialiser list"
        return "never written" if self.always else "not written on every path"

    def first(self, ctx: Context, unit: Unit) -> str:
        """The field of the first byte."""
        return pieces(self.reach.object.type, self.bits, ctx.layouts(unit))[0].field

    def remedy(self) -> str:
        """What to do."""
        name = self.name if self.reach.object.kind == "local" else f"*{self.name}"
        address = self.name if name.startswith("*") else f"&{name}"
        return f"clear it first: `__builtin_memset({address}, 0, sizeof({name}))`"

    def related(self) -> list[Related]:
        """Where the object comes from, and the functions that fill it in part."""
        made = self.reach.object.span
        found = [] if made is None else [Related(made, "definition", f"`{self.name}` is made here")]
        if self.reach.within is not self.reach.function and self.reach.reader.span is not None:
            found.append(Related(self.reach.reader.span, "call", f"read in `{self.reach.within.name}()`"))
        found.extend(Related(item.span, "writer", f"`{item.name}()` writes to it, but not to all of it")
                     for item in self.writers())  # fmt: skip
        return found

    def writers(self) -> list[Function]:
        """The functions that were given some of the missing bytes and wrote others."""
        found = {item for item, _, given in self.reach.partial if given & self.bits}
        return sorted(found, key=lambda function: function.span)

    def writer(self) -> Function | None:
        """The function that alone is to blame: it writes all of the missing bytes, but not on every path."""
        some = {item for item, bits, _ in self.reach.partial if bits & self.bits}
        every = {item for item, bits, _ in self.reach.partial if not self.bits & ~bits}
        return every.pop() if len(some) == 1 and every else None

    def steps(self) -> list[Step]:
        """The tests on the way to the fault."""
        return [Step(span, "this test") for span in self.reach.path]

    def fixes(self, unit: Unit) -> list[Fix]:
        """Clear a local that is declared without a value; C23 6.7.10 and clang clear padding with `= {}` too."""
        declared = _bare_declaration(self.reach)
        if declared is None or unit.dialect == "bcc":
            return []
        end = Span(declared.path, declared.end_line, declared.end_column, declared.end_line, declared.end_column)
        return [Fix(f"clear `{self.name}` where it is declared", "safe", (Edit(end, " = {}"),))]


def _bare_declaration(reach: Reach) -> Span | None:
    if reach.object.kind != "local":
        return None
    mine = reach.object.name.decl
    declared = [op.span for op in operations(reach.function) if isinstance(op, Declare) and op.name.decl == mine]
    valued = any(isinstance(op, Assign) and op.declares and isinstance(op.target, Name) and op.target.decl == mine
                 for op in operations(reach.function))  # fmt: skip
    return declared[0] if len(declared) == 1 and not valued else None


def _names(expr: Expr, name: Name) -> bool:
    inner = strip(expr)
    while not isinstance(inner, Name):
        if isinstance(inner, CallExpr):
            return False
        base = inner.place if isinstance(inner, AddressOf) else getattr(inner, "base", getattr(inner, "pointer", None))
        if base is None:
            return False
        inner = strip(base)
    return inner.decl == name.decl


def unset(
    unit: Unit, ctx: Context, wanted: Callable[[Reach], bool], missing: Callable[[Reach], int]
) -> Iterator[Unset]:  # fmt: skip
    """Yield each object that reaches a wanted place with bytes missing: its first such place, all bytes together."""
    found: dict[tuple[str, int], list[Reach]] = {}
    for reach in ctx.reaches(unit):
        if wanted(reach) and missing(reach):
            found.setdefault((reach.function.name, reach.object.name.decl), []).append(reach)
    for items in found.values():
        items.sort(key=lambda reach: reach.object.kind == "scratch")
        bits = missing(items[0])
        yield Unset(items[0], bits, not bits & ~items[0].never)


def is_hashed(reach: Reach, unit: Unit) -> bool:
    """Return whether a key's bytes are hashed: an array's is a number, an LPM key is compared up to its prefix."""
    return reach.role == "key" and any(item.name == reach.map and item.kind in _HASHED for item in unit.maps)



def parts_of_members(reach: Reach, layouts: Layouts, *, text: bool = False) -> int:
    """Return the missing bytes that belong to a member of which others are written: the rest of a union, say.

    What is missing of an array of bytes is the end of a string; `text` asks for it all the same.
    """
    found = 0
    for piece in pieces(reach.object.type, unset_members(reach, layouts), layouts):
        if piece.what == "part of" and (text or not _is_text(reach.object.type, piece.field, layouts)):
            found |= ((1 << piece.end - piece.start) - 1) << piece.start
    return found


def unset_members(reach: Reach, layouts: Layouts) -> int:
    """Return the missing bytes that a member owns, the ends of strings left out."""
    bits = reach.sometimes & ~reach.text & ~reach.loose & members(reach.object.type, layouts)
    bits &= ~whole_unions(reach.object.type, bits, layouts)
    return bits & ~reach.never if reach.object.kind == "scratch" else bits


def whole_unions(type_: Type | None, bits: int, layouts: Layouts) -> int:
    """Return the bytes of unions that are missing as a whole: of a tagged one, a tag need not have a variant."""
    if not isinstance(type_, RecordDecl) or layouts.record(type_).opaque:
        return 0
    found = 0
    for field in layouts.record(type_).fields:
        part = (bits >> field.offset) & ((1 << field.size) - 1)
        if isinstance(field.type, RecordDecl) and field.type.kind == "union":
            found |= part << field.offset if part == (1 << field.size) - 1 else 0
        elif part:
            found |= whole_unions(field.type, part, layouts) << field.offset
    return found


def _is_text(type_: Type | None, path: str, layouts: Layouts) -> bool:
    """Whether a field is an array of bytes: what is behind its first ones is the end of a string."""
    for word in path.split("."):
        name = word.split("[")[0]
        field = layouts.field(type_, name) if isinstance(type_, RecordDecl) else None
        type_ = None if field is None else field.type
        if "[" in word and isinstance(type_, Array):
            type_ = type_.element
    return isinstance(type_, Array) and layouts.size(type_.element) == 8
