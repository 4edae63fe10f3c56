"""What is a constant expression of the source worth? Names, iota, conversions, len, unsafe.Sizeof, as Go folds."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from bpflint.frontends.go import known, values
from bpflint.frontends.go.cgo import Defines
from bpflint.frontends.go.declarations import ConstDecl, GoFile
from bpflint.frontends.go.gotypes import ArrayOf, Basic, GoType, PointerTo, StructOf
from bpflint.frontends.go.literals import literal
from bpflint.frontends.go.narrowing import Memo
from bpflint.frontends.go.packages import Ambiguous, Package, pick
from bpflint.frontends.go.values import Value, typed, whole
from bpflint.model.data import dataclass

if TYPE_CHECKING:
    from tree_sitter import Node

    from bpflint.frontends.go.types import Types

_LITERALS = frozenset((
    "int_literal", "float_literal", "rune_literal", "interpreted_string_literal", "raw_string_literal",
))  # fmt: skip
_DEEPEST = 40
"""Nesting of one expression."""
_LONGEST = 8
"""Constants that follow from one another within one call; a longer chain is folded from its far end."""
_MOST_STEPS = 100_000


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an expression is folded: its file and the value of iota there."""

    file: GoFile
    iota: int | None = None


class _FarAway(Exception):
    """A constant that stands too far down a chain to be folded within one call."""

    def __init__(self, decl: ConstDecl) -> None:
        super().__init__(decl.name)
        self.decl = decl


class Constants:
    """Folds constant expressions; each declared constant once."""

    def __init__(self, types: Types) -> None:
        self._types = types
        self._memo: Memo[ConstDecl, Value | None] = Memo(types.narrowing)
        self._open: set[ConstDecl] = set()
        self._chain: list[int] = []
        self._depth = 0
        self._defines = Defines(types.workspace)

    def value(self, node: Node, file: GoFile, iota: int | None = None) -> Value | None:
        """Return the value of an expression, None where it is not constant or cannot be told."""
        if node.type in _LITERALS:
            return literal(node.type, file.source.str(node))
        return self._from_far(lambda: self._fresh(node, _Place(file, iota)))

    def declared(self, decl: ConstDecl) -> Value | None:
        """Return the value of a declared constant."""
        return self._from_far(lambda: self._folded(decl))

    def _from_far(self, work: Callable[[], Value | None]) -> Value | None:
        """Do the outermost work; what turns out to need a long chain of constants has its far end folded first."""
        if self._chain:
            return work()
        pending: list[Callable[[], Value | None]] = [work]
        found = None
        for _ in range(_MOST_STEPS):
            try:
                found = pending[-1]()
            except _FarAway as far:
                pending.append(partial(self._folded, far.decl))
                continue
            pending.pop()
            if not pending:
                return found
        return None

    def _folded(self, decl: ConstDecl) -> Value | None:
        if decl in self._open:
            return None
        if len(self._chain) >= _LONGEST and not self._memo.holds(decl):
            raise _FarAway(decl)
        self._open.add(decl)
        try:
            return self._memo.get(decl, lambda: self._declared(decl))
        finally:
            self._open.discard(decl)

    def _fresh(self, node: Node, place: _Place) -> Value | None:
        """Fold an expression with the whole depth to itself."""
        if len(self._chain) > _LONGEST + 4:
            return None  # lengths inside lengths inside lengths
        self._chain.append(self._depth)
        self._depth = 0
        try:
            return self._value(node, place)
        finally:
            self._depth = self._chain.pop()

    def _declared(self, decl: ConstDecl) -> Value | None:
        given = decl.spec.child_by_field_name("value")
        values_ = [item for item in given.named_children if item.type != "comment"] if given is not None else []
        if decl.index >= len(values_):
            return None
        found = self._fresh(values_[decl.index], _Place(decl.file, decl.iota))
        written = decl.spec.child_by_field_name("type")
        if found is None or written is None:
            return found
        return self._converted(found, self._types.of(written, decl.file))

    def named(self, package: Package, name: str, file: GoFile | None) -> Value | None:
        """Return the value of a package's constant as `file` sees it."""
        found = package.find(name).constants
        if not found:
            return None
        try:
            decl = pick(found, file if file is not None and file.package is package else None)
        except Ambiguous:
            return None
        if decl is not None and len(found) > 1:
            self._types.narrowing.note(decl.file.targets)
        return None if decl is None else self._from_far(lambda: self._folded(decl))

    def _value(self, node: Node, place: _Place) -> Value | None:
        if self._depth > _DEEPEST:
            return None
        self._depth += 1
        try:
            return self._fold(node, place)
        finally:
            self._depth -= 1

    def _fold(self, node: Node, place: _Place) -> Value | None:
        match node.type:
            case kind if kind in _LITERALS:
                return literal(node.type, place.file.source.str(node))
            case "true" | "false":
                return Value(node.type == "true", "bool")
            case "iota":
                return None if place.iota is None else whole(place.iota)
            case "identifier":
                local = place.file.local_constant(place.file.source.str(node), node.start_byte)
                return self._identifier(place.file.source.str(node), place) if local is None else self.declared(local)
            case "parenthesized_expression":
                inner = node.named_child(0) if node.named_child_count == 1 else None
                return None if inner is None else self._value(inner, place)
            case "selector_expression":
                return self._selector(node, place)
            case "unary_expression":
                operand, operator = node.child_by_field_name("operand"), node.child_by_field_name("operator")
                value = self._value(operand, place) if operand is not None else None
                return None if value is None or operator is None else values.unary(operator.type, value)
            case "binary_expression":
                return self._binary(node, place)
            case "call_expression":
                return self._call(node, place)
        return None

    def _identifier(self, name: str, place: _Place) -> Value | None:
        found = self.named(place.file.package, name, place.file)
        if found is not None or place.file.package.declares(name):
            return found
        for path in place.file.dots:
            package = self._types.workspace.by_import(path, place.file.folder)
            if package is not None and (found := self.named(package, name, place.file)) is not None:
                return found
        return None

    def _selector(self, node: Node, place: _Place) -> Value | None:
        operand, field = node.child_by_field_name("operand"), node.child_by_field_name("field")
        if operand is None or field is None or operand.type != "identifier":
            return None
        path = place.file.imports.get(place.file.source.str(operand))
        name = place.file.source.str(field)
        if path is None:
            return None
        if path == "C":
            return self._defines.constant(place.file, name)
        package = self._types.workspace.by_import(path, place.file.folder)
        if package is not None and package.declares(name):
            return self.named(package, name, place.file)
        return known.constant(f"{path}.{name}")

    def _binary(self, node: Node, place: _Place) -> Value | None:
        """Fold along the left operands without recursion: `a | b | c | …` may have thousands of terms."""
        spine = []
        current: Node | None = node
        while current is not None and current.type == "binary_expression":
            spine.append(current)
            current = current.child_by_field_name("left")
        found = self._value(current, place) if current is not None else None
        for item in reversed(spine):
            right, operator = item.child_by_field_name("right"), item.child_by_field_name("operator")
            other = self._value(right, place) if right is not None and found is not None else None
            if found is None or other is None or operator is None:
                return None
            found = values.binary(operator.type, found, other)
        return found

    def _call(self, node: Node, place: _Place) -> Value | None:
        function, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        args = [item for item in given.named_children if item.type != "comment"] if given is not None else []
        if function is None or not args:
            return None
        name = place.file.source.str(function) if function.type in ("identifier", "selector_expression") else ""
        if name in ("min", "max") and not place.file.package.declares(name):
            return self._extreme(name, args, place)
        if len(args) != 1:
            return None
        if name in ("len", "cap") and not place.file.package.declares(name):
            return self._length(args[0], place)
        measure = self._measures().get(name.removeprefix("unsafe."))
        if measure is not None and place.file.imports.get(name.partition(".")[0]) == "unsafe":
            found = measure(args[0], place.file)
            return None if found is None else typed(found, "uintptr")
        value = self._value(args[0], place)
        return None if value is None else self._converted(value, self._types.of(function, place.file))

    def _measures(self) -> dict[str, Callable[[Node, GoFile], int | None]]:
        types = self._types
        return {"Sizeof": types.size_of, "Alignof": types.align_of, "Offsetof": types.offset_of}

    def _extreme(self, name: str, args: list[Node], place: _Place) -> Value | None:
        found: Value | None = None
        for arg in args:
            value = self._value(arg, place)
            if value is None:
                return None
            found = value if found is None else values.extreme(name, found, value)
            if found is None:
                return None
        return found

    def _length(self, arg: Node, place: _Place) -> Value | None:
        value = self._value(arg, place)
        if value is not None and isinstance(value.value, str):
            return typed(len(value.value.encode("utf-8", "surrogateescape")), "int")
        type_ = self._types.underlying(self._types.static(arg, place.file))
        if isinstance(type_, PointerTo):
            type_ = self._types.underlying(type_.element)
        if isinstance(type_, ArrayOf) and type_.length is not None and not _calls(arg):
            return typed(type_.length, "int")
        return None

    def _converted(self, value: Value, type_: GoType) -> Value | None:
        under = self._types.underlying(type_)
        return values.convert(value, type_, under.name) if isinstance(under, Basic) else None

    def field_of(self, type_: GoType, name: str) -> GoType | None:
        """Return the type of a direct field."""
        under = self._types.underlying(type_)
        if isinstance(under, StructOf):
            return next((item.type for item in under.fields if item.name == name), None)
        return None


def _calls(node: Node) -> bool:
    """`len` of an array is constant only where the expression has no calls (Go specification, Length and capacity)."""
    pending = [node]
    for _ in range(200):
        if not pending:
            return False
        item = pending.pop()
        operator = item.child_by_field_name("operator") if item.type == "unary_expression" else None
        if item.type == "call_expression" or (operator is not None and operator.type == "<-"):
            return True
        pending.extend(item.named_children)
    return True
