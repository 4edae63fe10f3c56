"""Where are the function bodies of a Go file? Found by its tokens, so that declarations are read without."""

from __future__ import annotations

import re

# Go specification, "Lexical elements": what may hide a brace or the word func.
_HIDING = rb"""//[^\n]*|/\*.*?(?:\*/|\Z)|"(?:\\.|[^"\\\n])*"|`[^`]*(?:`|\Z)|'(?:\\.[^'\n]*|[^'\\\n]*)'"""
_TOP = re.compile(_HIDING + rb"|[{}]|(?:^|(?<=[\n;]))func\b", re.S)
_HEAD = re.compile(_HIDING + rb"|[{}()\[\]]|\b(?:struct|interface)\s*(?=\{)|\n(?=\S)", re.S)
_BODY = re.compile(_HIDING + rb"|[{}]", re.S)
_OPEN, _CLOSE = b"{", b"}"
_SHORTEST = 200
"""Bytes of body below which leaving it out saves nothing."""


def kept_ranges(data: bytes) -> list[tuple[int, int]] | None:
    """Return the byte ranges outside the top-level function bodies; None where the braces do not balance."""
    ranges: list[tuple[int, int]] = []
    start = at = depth = 0
    while found := _TOP.search(data, at):
        token, at = found[0], found.end()
        if token == _OPEN:
            depth += 1
        elif token == _CLOSE:
            depth -= 1
            if depth < 0:
                return None
        elif token == b"func" and depth == 0:
            body = _body(data, at)
            if body is None:
                continue
            end = _end(data, body)
            if end is None:
                return None
            if end - body > _SHORTEST:
                ranges.append((start, body))
                start = end
            at = end + 1
    if depth:
        return None
    return [*ranges, (start, len(data))] if ranges else None


def _body(data: bytes, at: int) -> int | None:
    """Return the offset behind the brace that opens the body; None for a declaration without one."""
    depth, literal = 0, False
    while found := _HEAD.search(data, at):
        token, at = found[0], found.end()
        match token[:1]:
            case b"(" | b"[":
                depth += 1
            case b")" | b"]":
                depth -= 1
            case b"s" | b"i":
                literal = True
            case b"{":
                if depth <= 0 and not literal:
                    return at
                depth, literal = depth + 1, False
            case b"}":
                depth -= 1
            case b"\n" if depth <= 0:
                return None
    return None


def _end(data: bytes, at: int) -> int | None:
    """Return the offset of the brace that closes the body which starts at `at`."""
    depth = 1
    while found := _BODY.search(data, at):
        token, at = found[0], found.end()
        if token == _OPEN:
            depth += 1
        elif token == _CLOSE:
            depth -= 1
            if depth == 0:
                return found.start()
    return None
