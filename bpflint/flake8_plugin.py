"""How does flake8 show our findings? A checker for Python files; only the standard library is imported with it.

flake8 dies when a plugin fails, so this one never does: what goes wrong is told under `flake8 -v`.
"""

from __future__ import annotations

import ast
import logging
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

_LOG = logging.getLogger("flake8.bpflint")
_WORTH = ("ctypes", "struct", "numpy", "bcc", "BPF", "bpf")
"""A file with none of these words shares no bytes with a BPF program."""


class Checker:
    """flake8's view of bpflint: the rules that need the Python file alone."""

    name: ClassVar[str] = "bpflint"
    version: ClassVar[str] = "0.1.0"

    def __init__(self, tree: ast.AST, filename: str, lines: list[str]) -> None:
        self.filename = filename
        self.lines = lines

    def run(self) -> Iterator[tuple[int, int, str, type[Any]]]:
        """Yield (line, column from 0, text, class) of every finding."""
        text = "".join(self.lines)
        if not any(word in text for word in _WORTH):
            return
        try:
            found = _findings(self.filename, text)
        except Exception as error:  # noqa: BLE001  flake8 would end with a traceback for all files
            _LOG.warning("bpflint gave nothing for %s: %s: %s", self.filename, type(error).__name__, error)
            return
        for line, column, message in found:
            yield line, column, message, type(self)


def _findings(filename: str, text: str) -> list[tuple[int, int, str]]:
    from bpflint.engine.single import findings_of

    found = findings_of(_host(), Path(filename), text.encode("utf-8", "surrogateescape"))
    return [(item.span.line, item.span.column - 1, f"{item.code} {item.message}") for item in found]


@cache
def _host() -> Any:
    """Plugins and configuration, once a process."""
    from bpflint.engine.plugins import load_plugins
    from bpflint.engine.single import make_host

    return make_host(Path.cwd(), load_plugins(), ("python",))
