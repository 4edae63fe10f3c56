"""What would a scan read, and which settings hold? `--show-files` and `--show-settings`."""

from __future__ import annotations

from dataclasses import fields

from bpflint.engine.discover import discover
from bpflint.engine.plugins import Plugins
from bpflint.engine.request import Request, selection_of
from bpflint.engine.run import wanted_of


def show(request: Request, plugins: Plugins, *, files: bool) -> int:
    """Print the files, or else the settings, and return 0."""
    for line in _files(request, plugins) if files else settings_lines(request, plugins):
        print(line)
    return 0


def _files(request: Request, plugins: Plugins) -> list[str]:
    """`report` marks what is reported, `read` what is only read for its other side."""
    found = discover(request.root.path, request.paths, wanted_of(request, plugins))
    lines = [f"{'report' if found.scope.covers(item.path) else 'read':6}  {item.path}" for item in found.files]
    return [*lines, *(f"left out  {path}: {item.message}" for path, item in sorted(found.reader.problems.items()))]


def settings_lines(request: Request, plugins: Plugins) -> list[str]:
    """Return one `name = value` line a setting, and the rules that run."""
    selection = selection_of(request, plugins.rules)
    running = [rule.meta.code for rule in plugins.rules if selection.runs(rule.meta.code, rule.meta.persona)]
    lines = [f"root = {request.root.path}", f"config = {request.root.config or 'none'}"]
    lines.append(f"report = {' '.join(path or '.' for path in request.paths)}")
    names = [item.name for item in fields(request.settings) if item.name != "root"]
    lines.extend(f"{name.replace('_', '-')} = {_value(getattr(request.settings, name))}" for name in names)
    lines.append(f"fail-on = {request.fail_on.word}")
    lines.append(f"persona = {request.persona}")
    lines.append(f"exclude = {_value(request.config.exclude)}")
    lines.append(f"front ends = {_value(tuple(item.name for item in plugins.frontends))}")
    lines.append(f"rules = {_value(tuple(running))}")
    return lines


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(str(item) for item in value) or "none"
    if isinstance(value, bool):
        return str(value).lower()
    return "none" if value in (None, "") else str(value)
