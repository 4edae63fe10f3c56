"""What does a comment tell bpflint? The grammar of directives, the same in every language's comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from bpflint.model.source import Text
from bpflint.model.unit import Directive

_OWN = re.compile(
    r"\bbpflint:\s*(?:(?P<kind>ignore-file|ignore)\b(?:\[(?P<codes>[^\]\n]*)\])?(?P<reason>[^\n]*)"
    r"|disable\s*=\s*(?P<disable>[\w.,\- ]+)"
    r"|pair\s*=\s*(?P<pair>(?:struct\s+|union\s+)?[\w.:]+))"
)
_NOQA = re.compile(r"#\s*noqa\s*:\s*(?P<codes>[A-Z]{1,3}\d+(?:(?:\s*,\s*|\s+)[A-Z]{1,3}\d+)*)(?P<reason>[^\n]*)", re.I)
_EXPECTED = r"[A-Z]{1,3}\d{3}(?:\s+on=[\w,:.-]+)?(?:\s+\"(?:[^\"\\\n]|\\.)*\")?"
_WANT = re.compile(rf"\bwant(?P<next>-next)?((?:\s+{_EXPECTED})+)")
_ONE = re.compile(r"(?P<code>[A-Z]{1,3}\d{3})(?:\s+on=(?P<on>[\w,:.-]+))?(?:\s+\"(?P<part>(?:[^\"\\\n]|\\.)*)\")?")
_NEXT = re.compile(r"\bwant\b.*$|\bbpflint:.*$")


Kind = Literal["ignore", "ignore-file", "noqa", "disable", "pair", "want", "want-next"]
Parsed = tuple[int, Kind, tuple[str, ...], str]


def directives_in(path: str, text: Text, start: int, end: int) -> Iterator[Directive]:
    """Yield the directives of one comment, the bytes [start, end) of a file, in source order.

    A directive's span begins where its words stand and ends with the comment.
    """
    comment = text.data[start:end].decode("utf-8", "surrogateescape")
    for at, kind, args, reason in parse(comment):
        offset = start + len(comment[:at].encode("utf-8", "surrogateescape"))
        yield Directive(kind, args, reason, text.span(path, offset, end))


def parse(comment: str) -> Iterator[Parsed]:
    """Yield (offset in the comment, kind, arguments, reason)."""
    found = [*_own(comment), *_noqa(comment), *_wants(comment)]
    yield from sorted(found, key=lambda item: item[0])


def _own(comment: str) -> Iterator[Parsed]:
    for match in _OWN.finditer(comment):
        if match["disable"]:
            yield match.start(), "disable", _words(match["disable"]), ""
        elif match["pair"]:
            yield match.start(), "pair", (match["pair"],), ""
        else:
            kind: Kind = "ignore-file" if match["kind"] == "ignore-file" else "ignore"
            yield match.start(), kind, _words(match["codes"] or ""), _reason(match["reason"])


def _noqa(comment: str) -> Iterator[Parsed]:
    for match in _NOQA.finditer(comment):
        codes = tuple(code.upper() for code in re.findall(r"[A-Za-z]{1,3}\d+", match["codes"]))
        yield match.start(), "noqa", codes, _reason(match["reason"])


def _wants(comment: str) -> Iterator[Parsed]:
    for match in _WANT.finditer(comment):
        kind: Kind = "want-next" if match["next"] else "want"
        for one in _ONE.finditer(comment, match.start(2), match.end(2)):
            part = (one["part"] or "").replace('\\"', '"').replace("\\\\", "\\")
            yield match.start(), kind, (one["code"], part, *([f"on={one['on']}"] if one["on"] else [])), ""


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[\s,]+", text) if word)


def _reason(text: str) -> str:
    """The rest of the comment without the marks that end it, and without another directive behind it."""
    return _NEXT.sub("", text).strip().removesuffix("*/").strip(" \t:-–—#")
