"""Which findings touch the staged files? The work of `bpflint hook`, once it is known that there is some."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from bpflint.api import ConfigError, Finding, Project
from bpflint.cli import _args, scan
from bpflint.cli._output import print_text
from bpflint.cli._progress import wants_color
from bpflint.engine.config import load_config
from bpflint.engine.names import CONFIG_NAMES
from bpflint.engine.outcome import counts
from bpflint.engine.plugins import load_plugins, load_reporter
from bpflint.engine.root import find_root, relative
from bpflint.engine.run import run as run_engine


def report_staged(args: argparse.Namespace, names: list[str]) -> int:
    """Scan the project and print what touches the named files; return the exit code."""
    staged = staged_paths(names, isolated=args.isolated)
    request = replace(_args.request_of(args, []), paths=("",), allow_empty=True)
    scan.checked_format(args.output_format, "--output-format")
    plugins = load_plugins()
    result = run_engine(request, plugins)
    if not result.report.coverage.files and not result.report.problems:
        return 0
    findings = touching(result.report.findings, staged, result.project)
    problems = tuple(
        item for item in result.report.problems if staged is None or item.path in staged or item.code == "BPF099"
    )
    report = replace(result.report, findings=findings, problems=problems, color=wants_color(None), notes=())
    text = load_reporter(args.output_format).render(report) if findings or problems else ""
    print_text(text)
    failed = any(counts(finding, request.fail_on) for finding in findings)
    code = 3 if result.exit_code == 3 else int(failed)
    scan.keep_run(args, request, plugins, result, text, code)
    return code


def staged_paths(names: list[str], *, isolated: bool = False) -> frozenset[str] | None:
    """Return the files relative to the root; None where a configuration is among them, which may change everything."""
    cwd = Path.cwd()
    root = find_root(cwd, isolated=isolated)
    load_config(root)
    if any(Path(name).name in CONFIG_NAMES for name in names):
        return None
    found = set()
    for name in names:
        try:
            found.add(relative(root.path, cwd, Path(name)))
        except ConfigError:
            continue  # a staged file outside of the project is none of ours
    return frozenset(found)


def touching(findings: tuple[Finding, ...], staged: frozenset[str] | None, project: Project) -> tuple[Finding, ...]:
    """Return the findings with a place in the files, or in a unit that includes one of them."""
    if staged is None:
        return findings
    near = set(staged)
    for unit in project.units:
        if staged & set(unit.includes):
            near.add(unit.origin or unit.path)
    return tuple(item for item in findings if _places(item) & near)


def _places(finding: Finding) -> set[str]:
    return {finding.span.path, *(item.span.path for item in finding.related)}
