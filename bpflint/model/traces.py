"""What do the bytes of a project's files tell alone? Whether it raises the memlock limit, and has a program's entry."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bpflint.model.patterns import pattern

_VENDORED = pattern(r"(?:^|/)(?:vendor|libbpf|third_party|node_modules)/")
_ASIDE = pattern(
    r"(?:^|/)(?:_?examples?|samples?|tests?|testdata|selftests|e2e|demos?|benchmarks?|tutorials?|tools?|hack|xtask)/"
)
_CALL = pattern(rb"\b(?:set|p)rlimit(?:64)?\s*\(|(?:bump|set|raise|increase)_?\w*memlock")
_MAIN = {
    ".go": pattern(rb"^package main\b", re.M),
    ".rs": pattern(rb"^(?:pub\s+)?(?:async\s+)?fn main\s*\(", re.M),
}


def traces(files: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Return facts with the file that shows each: `memlock`, where the limit is named, `program`, where `main` is.

    C names the limit wherever it handles system calls, so there a call has to stand beside the name.
    """
    found: dict[str, str] = {}
    for path, data in files:
        if _VENDORED.search(path):
            continue
        suffix = path[path.rfind(".") :]
        plain = suffix in (".go", ".rs")
        if "memlock" not in found and (b"MEMLOCK" in data or b"emlock" in data) and (plain or _CALL.search(data)):
            found["memlock"] = path
        if "program" not in found and suffix in _MAIN and not _ASIDE.search(path) and _MAIN[suffix].search(data):
            found["program"] = path
    return found
