"""How do other tools count columns? Converts Spans: UTF-8 bytes, paths as URIs, escapes."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from bpflint.api import Span, Text


def byte_column(text: Text | None, line: int, column: int) -> int:
    """Return a 1-based column in UTF-8 bytes; the code-point column where the text is gone."""
    if text is None:
        return column
    before = text.line_bytes(line).removeprefix(b"\xef\xbb\xbf") if line == 1 else text.line_bytes(line)
    lead = before.decode("utf-8", "surrogateescape")[: column - 1]
    return len(lead.encode("utf-8", "surrogateescape")) + 1


def uri(path: str) -> str:
    """Return a root-relative path as a percent-encoded relative URI."""
    text = quote(path.encode("utf-8", "surrogateescape"), safe="/~!$&'()*+,;=@-._")
    return "./" + text if ":" in path.partition("/")[0] else text


def empty(span: Span) -> bool:
    """Return whether a span marks a place rather than a stretch."""
    return (span.line, span.column) == (span.end_line, span.end_column)


def repository_prefix(root: Path) -> str:
    """Return the way from the top of the git work tree to the root, "" or ending with `/`.

    Code hosts count paths from the repository's top, bpflint from its own root.
    """
    for folder in (root, *root.parents):
        if os.path.exists(folder / ".git"):
            text = root.relative_to(folder).as_posix()
            return "" if text == "." else text + "/"
    return ""
