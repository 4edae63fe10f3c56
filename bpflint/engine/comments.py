"""Where are the comments of a file? Tells them from strings: tokenize for Python, a lexer for C, Go and Rust."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator

from bpflint.model.source import Text
from bpflint.model.unit import Directive

_C = rb"//(?:[^\n\\]|\\\r?\n|\\.)*|/\*.*?(?:\*/|\Z)"
_STRING = rb"\"(?:[^\"\\\n]|\\.)*\""
_LEXERS = {
    "c": rb"(?P<comment>" + _C + rb")|" + _STRING + rb"|'(?:[^'\\\n]|\\.)*'",
    "go": rb"(?P<comment>" + _C + rb")|" + _STRING + rb"|`[^`]*`|'(?:[^'\\\n]|\\.)+'",
    "rust": rb"(?P<comment>" + _C + rb")|r(?P<h>#*)\".*?\"(?P=h)|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\\n]|\\.[^']*)'",
}
_SILENCES = re.compile(rb"#(?:\s|[\x1c-\x1f\x80-\xff])*[nN][oO][qQ][aA]")
"""Where a comment for flake8 may match; what counts as space in text may be a byte that is none here."""
_EXPECTS = re.compile(rb"want(?:-next)?\s+[A-Z]{1,3}\d{3}")
_LANGUAGES = {".go": "go", ".rs": "rust"}


def may_have_directives(data: bytes) -> bool:
    """Return False for a file whose comments need not be looked for; most files have none."""
    return b"bpflint:" in data or _SILENCES.search(data) is not None or _EXPECTS.search(data) is not None


def directives_of(path: str, data: bytes) -> tuple[Directive, ...]:
    """Return every directive of a file in source order; cheap for a file that has none."""
    if not may_have_directives(data):
        return ()
    from bpflint.model.directives import directives_in  # late: a millisecond of patterns, and few files have any

    text = Text(data)
    return tuple(
        directive for start, end in comments(path, text) for directive in directives_in(path, text, start, end)
    )


def comments(path: str, text: Text) -> Iterator[tuple[int, int]]:
    """Yield the byte range of every comment of a file; the language follows from the name."""
    if path.endswith((".py", ".pyi")):
        yield from _python(text)
        return
    lexer = _LEXERS[_LANGUAGES.get(path[path.rfind(".") :], "c")]
    for match in re.finditer(lexer, text.data, re.S):
        if match["comment"] is not None:
            yield match.span()


def _python(text: Text) -> Iterator[tuple[int, int]]:
    """A file that does not tokenize to its end gives the comments up to there."""
    try:
        for token in tokenize.tokenize(io.BytesIO(text.data).readline):
            if token.type == tokenize.COMMENT:
                start = text.offset(*_one_based(token.start))
                yield start, start + len(token.string.encode("utf-8", "surrogateescape"))
    except (tokenize.TokenError, SyntaxError, UnicodeDecodeError):
        return


def _one_based(place: tuple[int, int]) -> tuple[int, int]:
    return place[0], place[1] + 1
