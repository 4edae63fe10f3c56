"""What do `--fix` and `--diff` do with the safe fixes of a report?"""

from __future__ import annotations

import difflib
import sys

from bpflint.api import ConfigError, Report
from bpflint.engine.files import write_atomically
from bpflint.engine.fixes import Fixed, apply_fixes
from bpflint.reporters._shared import count


def fix(report: Report, *, write: bool, quiet: bool) -> tuple[Report, str]:
    """Apply the fixes, or only show them.

    Returns the report without what was fixed and the text for stdout: the differences, or nothing.
    """
    from dataclasses import replace

    made = apply_fixes(report.findings, report.text)
    if not write:
        return report, differences(report, made)
    for path, data in sorted(made.contents.items()):
        try:
            write_atomically(report.root / path, data)
        except OSError as error:
            raise ConfigError(f"{path}: cannot be written: {error.strerror or error}") from None
    if not quiet and (made.fixed or made.skipped):
        print(_summary(made), file=sys.stderr)
    done = {id(finding) for finding in made.fixed}
    return replace(report, findings=tuple(item for item in report.findings if id(item) not in done)), ""


def _summary(made: Fixed) -> str:
    text = f"fixed {count(len(made.fixed), 'finding')} in {count(len(made.contents), 'file')}"
    left = f"; {len(made.skipped)} left, since their fixes meet others: run --fix again"
    return text + (left if made.skipped else "")


def differences(report: Report, made: Fixed) -> str:
    """Return a unified diff of all changed files, as `patch -p1` takes it."""
    parts: list[str] = []
    for path, data in sorted(made.contents.items()):
        old = report.text(path)
        before = "" if old is None else old.data.decode("utf-8", "surrogateescape")
        after = data.decode("utf-8", "surrogateescape")
        lines = difflib.unified_diff(
            before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{path}", f"b/{path}"
        )
        parts.extend(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)
    return "".join(parts)
