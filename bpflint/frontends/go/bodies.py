"""Where are the long bodies of a Go file? Those of functions and tables, so that declarations are read without them."""

from __future__ import annotations

import re

# Go specification, "Lexical elements": what may hide a brace or the word func.
_HIDING = rb"""//[^\n]*|/\*.*?(?:\*/|\Z)|"(?:\\.|[^"\\\n])*"|`[^`]*(?:`|\Z)|'(?:\\.[^'\n]*|[^'\\\n]*)'"""
_FUNC = re.compile(rb"\n(?:func\b|var\b[^\n`{=]*=[^\n`{]*(?<!struct)(?<!struct )\{(?=\n))")
_HEAD = re.compile(_HIDING + rb"|[{}()\[\]]|\b(?:struct|interface)\s*(?=\{)|\n(?=\S)", re.S)
_PLAIN_HEAD = re.compile(rb"[^\n{}\"'`]*\{(?=\n)")
"""The rest of a line that opens a body, if no type is spelled out and no comment stands there."""
_BODY = re.compile(_HIDING + rb"|[{}]", re.S)
_NEXT = re.compile(rb"[ \t\r]*(?:\n[ \t\r]*)*(?:\Z|(?<=\n)(?=func\b|type\b|var\b|const\b|//|/\*))")
_QUIET = re.compile(rb"""//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.[^'\n]*|[^'\\\n]*)'""")
_OPEN, _CLOSE = b"{", b"}"
_SHORTEST = 200
"""Bytes of body below which leaving it out saves nothing."""


def kept_ranges(data: bytes) -> list[tuple[int, int]] | None:
    """Return the byte ranges outside the bodies of functions and of `var x = T{…}`; None where that is all.

    A `func` that stands in a comment or string may lose its body too: that changes no declaration.
    """
    ranges: list[tuple[int, int]] = []
    start = at = 0
    while found := _FUNC.search(data, at):
        at = found.end()
        if data.find(b"\n}\n", at, at + _SHORTEST) >= 0:
            continue  # as gofmt writes it, it is a short one
        table = found[0] != b"\nfunc"
        body = at if table else _body(data, at)
        if body is None:
            continue
        end = _end(data, body)
        if end is None:
            return None
        if end - body > _SHORTEST:
            ranges.append((start, body))
            start = end
        at = end
    return [*ranges, (start, len(data))] if ranges else None


def _body(data: bytes, at: int) -> int | None:
    """Return the offset behind the brace that opens the body; None for a declaration without one."""
    plain = _PLAIN_HEAD.match(data, at)
    if plain is not None and _closed(plain[0]):
        return plain.end()
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


def _closed(head: bytes) -> bool:
    return head.count(b"(") == head.count(b")") and b"//" not in head and b"/*" not in head and (
        b"struct" not in head and b"interface" not in head
    )


def _end(data: bytes, at: int) -> int | None:
    """Return the offset of the brace that closes the body which starts at `at`."""
    quick = _quick_end(data, at)
    if quick is not None:
        return quick
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


def _quick_end(data: bytes, at: int) -> int | None:
    """As gofmt writes it, the body ends at the next `}` in the first column: none is hidden, all are matched."""
    if not data.startswith(b"\n", at):
        return None
    end = data.find(b"\n}", at)
    body = data[at : max(end, at)]
    if b"`" in body or b"/*" in body or not (_matched(body) or _matched(_QUIET.sub(b"", body))):
        return None
    return end + 1 if end >= 0 and _NEXT.match(data, end + 2) else None


def _matched(text: bytes) -> bool:
    return text.count(_OPEN) == text.count(_CLOSE)
