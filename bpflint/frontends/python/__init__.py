"""How is Python read? By its ast alone: ctypes, struct and numpy layouts, bcc's C text, and what meets which map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bpflint.model.patterns import pattern
from bpflint.reading import FrontEnd, Job, Loaded, Settings, SourceFile

_WORTH = pattern(rb"(?i)bpf|bcc")
_LAYOUT = pattern(rb"\b(?:Structure|Union|unpack|Struct|calcsize|dtype|from_buffer_copy)\b")
_MANY = 4
"""From so many files on, the C text inside them is worth a precompiled header."""
_PAIR = pattern(rb"bpflint:\s*pair")


class PythonFrontEnd(FrontEnd):
    """Reads Python files that name BPF, and those that declare layouts (a pair may name them)."""

    name = "python"
    suffixes = (".py",)

    def plan(self, files: Sequence[SourceFile], settings: Settings) -> Sequence[Job]:
        """Return a job for each Python file worth reading, by a byte prefilter."""
        paths = tuple(sorted(item.path for item in files))
        found = []
        for item in files:
            if not item.path.endswith(".py"):
                continue
            data = item.read()
            if _WORTH.search(data) or _PAIR.search(data) or _LAYOUT.search(data):
                found.append(Job("python", item.path, files=paths))
        many = {"many": "1"} if len(found) >= _MANY else {}
        return [replace(job, extra=many) for job in found]

    def load(self, job: Job, settings: Settings) -> Loaded:
        """Read one module; raises FrontEndError for one that Python cannot parse."""
        from bpflint.frontends.python.unit import load_unit

        return load_unit(job, settings)
