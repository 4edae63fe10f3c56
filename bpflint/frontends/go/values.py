"""What is a constant expression worth? Go's exact arithmetic on untyped and typed constants, and nothing else."""

from __future__ import annotations

import struct
from dataclasses import replace
from fractions import Fraction
from typing import Literal

from bpflint.frontends.go.gotypes import Basic, GoType
from bpflint.model.data import dataclass

Kind = Literal["bool", "string", "int", "rune", "float"]
Number = int | Fraction
_ORDER = {"int": 0, "rune": 1, "float": 2}
_MOST_BITS = 4096
_MOST_TEXT = 1 << 20

# Go specification, "Numeric types"; int, uint and uintptr are as wide as the target's pointers.
_INTEGERS = {
    "int8": (8, True), "int16": (16, True), "int32": (32, True), "int64": (64, True), "uint8": (8, False),
    "uint16": (16, False), "uint32": (32, False), "uint64": (64, False), "int": (0, True), "uint": (0, False),
    "uintptr": (0, False),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """A constant. `type` is None for an untyped one, and `basic` the name of its underlying type ("" untyped)."""

    value: Number | str | bool
    kind: Kind
    type: GoType | None = None
    basic: str = ""

    def plain(self) -> int | float | str | bool | None:
        """Return the value as Python has it; None for a number that a float cannot hold."""
        if self.kind != "float" or isinstance(self.value, str):
            return int(self.value) if isinstance(self.value, Fraction) else self.value
        try:
            return float(self.value)
        except OverflowError:
            return None

    def integer(self) -> int | None:
        """Return the value of a constant that is a whole number, as array lengths and shift counts need."""
        match self.value:
            case bool() | str():
                return None
            case Fraction():
                return self.value.numerator if self.value.denominator == 1 else None
            case number:
                return number


def whole(value: int) -> Value:
    """Return an untyped integer."""
    return Value(value, "int")


def typed(value: int, basic: str) -> Value:
    """Return an integer of a predeclared type."""
    return Value(value, "int", Basic(basic), basic)


def convert(value: Value, type_: GoType, basic: str) -> Value | None:
    """Return `T(value)` for a type whose underlying type is the predeclared `basic`; None where Go refuses it."""
    found = _represent(value, basic)
    if found is None:
        return None
    kind: Kind = "bool" if basic == "bool" else "string" if basic == "string" else _number_kind(basic)
    return Value(found, kind, type_, basic)


def _number_kind(basic: str) -> Kind:
    return "int" if basic in _INTEGERS else "float"


def _represent(value: Value, basic: str) -> Number | str | bool | None:
    match value.value:
        case bool() as truth:
            return truth if basic == "bool" else None
        case str() as text:
            return text if basic == "string" else None
        case number:
            if basic == "string":
                return _character(value) if value.kind in ("int", "rune") else None
            if basic in _INTEGERS:
                found = value.integer()
                return found if found is not None and fits(found, basic) else None
            return _rounded(number, basic)


def _character(value: Value) -> str | None:
    number = value.integer()
    if number is None or not 0 <= number < 0x110000 or 0xD800 <= number < 0xE000:
        return "\ufffd"
    return chr(number)


def _rounded(number: Number, basic: str) -> Fraction | None:
    form = {"float32": "<f", "float64": "<d"}.get(basic)
    if form is None:
        return None
    try:
        return Fraction(struct.unpack(form, struct.pack(form, float(number)))[0])
    except (OverflowError, ValueError):
        return None


def fits(number: int, basic: str) -> bool:
    """Return whether an integer type can hold a number; one as wide as a pointer is taken to have 64 bits."""
    width, signed = _INTEGERS[basic]
    width = width or 64
    return -(1 << (width - 1)) <= number < 1 << (width - 1) if signed else 0 <= number < 1 << width


def unary(operator: str, value: Value) -> Value | None:
    """Return `+x`, `-x`, `!x` or `^x`."""
    number = value.value
    if isinstance(number, bool):
        return replace(value, value=not number) if operator == "!" else None
    if isinstance(number, str) or operator not in ("+", "-", "^"):
        return None
    if operator != "^":
        return _checked(value, number if operator == "+" else -number)
    whole_number = value.integer()
    if whole_number is None or value.kind == "float":
        return None
    width, signed = _INTEGERS.get(value.basic, (0, True))
    if signed:
        return _checked(value, ~whole_number)
    # `^uint(0)` has as many bits as the target's pointers
    return _checked(value, whole_number ^ ((1 << width) - 1)) if width else None


def _checked(like: Value, number: Number) -> Value | None:
    """A typed constant that overflows is an error in Go; huge ones end here too."""
    if isinstance(number, int) and number.bit_length() > _MOST_BITS:
        return None
    if isinstance(number, Fraction):
        if max(number.numerator.bit_length(), number.denominator.bit_length()) > _MOST_BITS:
            return None
        if like.basic:
            rounded = _rounded(number, like.basic)
            return None if rounded is None else replace(like, value=rounded)
    if isinstance(number, int) and like.basic in _INTEGERS and not fits(number, like.basic):
        return None
    return replace(like, value=number)


def shift(operator: str, left: Value, right: Value) -> Value | None:
    """Return `x << n` or `x >> n`."""
    number, count = left.integer(), right.integer()
    if number is None or count is None or not 0 <= count <= _MOST_BITS or (left.basic and left.kind == "float"):
        return None
    like = left if left.kind in ("int", "rune") else replace(left, kind="int")
    return _checked(like, number << count if operator == "<<" else number >> count)


def binary(operator: str, left: Value, right: Value) -> Value | None:
    """Return `x op y` for two constants; None where Go refuses it or the result is out of reach."""
    if operator in ("<<", ">>"):
        return shift(operator, left, right)
    pair = _matched(left, right)
    if pair is None:
        return None
    left, right = pair
    if operator in ("==", "!=", "<", "<=", ">", ">="):
        return _compared(operator, left, right)
    match left.value, right.value:
        case bool() as a, bool() as b:
            found = {"&&": a and b, "||": a or b}.get(operator)
            return None if found is None else replace(left, value=found)
        case str() as a, str() as b:
            return replace(left, value=a + b) if operator == "+" and len(a) + len(b) <= _MOST_TEXT else None
        case (bool() | str(), _) | (_, bool() | str()):
            return None
        case a, b:
            return _arithmetic(operator, left, a, b)


def extreme(name: str, left: Value, right: Value) -> Value | None:
    """Return `min(x, y)` or `max(x, y)`, in the type that both take."""
    pair = _matched(left, right)
    less = _compared("<", *pair) if pair is not None else None
    if pair is None or less is None:
        return None
    return pair[0] if bool(less.value) is (name == "min") else pair[1]


def _matched(left: Value, right: Value) -> tuple[Value, Value] | None:
    """Bring both operands to one type: an untyped one takes the other's, of two untyped ones the larger kind wins."""
    if left.basic and right.basic:
        return (left, right) if left.type == right.type else None
    if left.basic or right.basic:
        like = left if left.basic else right
        assert like.type is not None  # a basic name comes with its type
        other = convert(right if left.basic else left, like.type, like.basic)
        if other is None or (like.kind == "string") != ((right if left.basic else left).kind == "string"):
            return None
        return (left, other) if left.basic else (other, right)
    if left.kind in _ORDER and right.kind in _ORDER:
        kind = max(left.kind, right.kind, key=_ORDER.__getitem__)
        return replace(left, kind=kind), replace(right, kind=kind)
    return (left, right) if left.kind == right.kind else None


def _compared(operator: str, left: Value, right: Value) -> Value | None:
    a, b = left.value, right.value
    if operator in ("==", "!="):
        return Value((a == b) is (operator == "=="), "bool")
    if isinstance(a, str) and isinstance(b, str):
        first, second = a.encode("utf-8", "surrogateescape"), b.encode("utf-8", "surrogateescape")
        order = (first > second) - (first < second)
    elif isinstance(a, bool | str) or isinstance(b, bool | str):
        return None
    else:
        order = (a > b) - (a < b)
    found = {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[operator]
    return Value(found, "bool")


def _arithmetic(operator: str, like: Value, a: Number, b: Number) -> Value | None:
    match operator:
        case "+":
            return _checked(like, a + b)
        case "-":
            return _checked(like, a - b)
        case "*":
            return _checked(like, a * b)
        case "/" if b == 0:
            return None
        case "/" if like.kind == "float":
            return _checked(like, Fraction(a) / Fraction(b))
    if like.kind == "float" or not isinstance(a, int) or not isinstance(b, int):
        return None
    match operator:
        case "/":
            return _checked(like, _quotient(a, b))
        case "%" if b:
            return _checked(like, a - b * _quotient(a, b))
        case "&":
            return _checked(like, a & b)
        case "|":
            return _checked(like, a | b)
        case "^":
            return _checked(like, a ^ b)
        case "&^":
            return _checked(like, a & ~b)
    return None


def _quotient(a: int, b: int) -> int:
    """Integer division truncates towards zero (Go specification, Integer operators)."""
    found = abs(a) // abs(b)
    return found if (a < 0) == (b < 0) else -found
