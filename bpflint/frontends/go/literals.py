"""What is a literal worth? Numbers, runes and strings as Go spells them."""

from __future__ import annotations

import re
from fractions import Fraction

from bpflint.frontends.go.values import Value, whole

_MOST_DIGITS = 1200
_ESCAPE = re.compile(r"\\(?:([abfnrtv\\'\"])|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([0-7]{3}))")
_PLAIN = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", "'": "'", '"': '"'}


def literal(kind: str, text: str) -> Value | None:
    """Return the value of a literal of the grammar's `kind`."""
    match kind:
        case "int_literal":
            number = _integer(text)
            return None if number is None else whole(number)
        case "float_literal":
            return _float(text)
        case "rune_literal":
            return _rune(text[1:-1])
        case "raw_string_literal":
            return Value(text.strip("`").replace("\r", ""), "string")
        case "interpreted_string_literal":
            inner = _unescaped(text[1:-1])
            return None if inner is None else Value(inner, "string")
    return None


def _rune(text: str) -> Value | None:
    if number := re.fullmatch(r"\\(?:x([0-9A-Fa-f]{2})|([0-7]{3}))", text):
        return Value(int(number[1] or number[2], 16 if number[1] else 8), "rune")
    inner = _unescaped(text)
    return Value(ord(inner), "rune") if inner is not None and len(inner) == 1 else None


def _integer(text: str) -> int | None:
    digits = text.replace("_", "")
    if len(digits) > _MOST_DIGITS:
        return None
    try:
        if len(digits) > 1 and digits[0] == "0" and digits[1].isdigit():
            return int(digits, 8)
        return int(digits, 0)
    except ValueError:
        return None


def _float(text: str) -> Value | None:
    digits = text.replace("_", "").lower()
    if len(digits) > _MOST_DIGITS or digits.startswith("0x"):
        return _hex_float(digits) if len(digits) <= _MOST_DIGITS else None
    exponent = digits.partition("e")[2]
    if exponent and abs(int(exponent)) > _MOST_DIGITS:
        return None
    try:
        return Value(Fraction(digits), "float")
    except ValueError:
        return None


def _hex_float(digits: str) -> Value | None:
    try:
        return Value(Fraction(float.fromhex(digits)), "float")
    except (ValueError, OverflowError):
        return None


def _unescaped(text: str) -> str | None:
    """Interpret escapes; a byte that is no character of its own stays one by surrogateescape, as it counts one."""
    if "\\" not in text:
        return text
    parts: list[bytes] = []
    at = 0
    for found in _ESCAPE.finditer(text):
        parts.append(text[at : found.start()].encode("utf-8", "surrogateescape"))
        plain, hexadecimal, short, long, octal = found.groups()
        if plain:
            parts.append(_PLAIN[plain].encode())
        elif hexadecimal or octal:
            parts.append(bytes((int(hexadecimal or octal, 16 if hexadecimal else 8) & 255,)))
        else:
            number = int(short or long, 16)
            if number >= 0x110000 or 0xD800 <= number < 0xE000:
                return None
            parts.append(chr(number).encode())
        at = found.end()
    parts.append(text[at:].encode("utf-8", "surrogateescape"))
    return b"".join(parts).decode("utf-8", "surrogateescape")
