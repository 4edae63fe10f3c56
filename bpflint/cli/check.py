"""Which findings does a real kernel confirm? `bpflint check`: scans, then asks kernels about what it found."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bpflint.cli import _args, _flags
from bpflint.cli._output import print_text, require_folder, write_file
from bpflint.cli._progress import Progress
from bpflint.cli.scan import (
    add_formats,
    add_looks,
    checked_format,
    code_after,
    dress,
    parse_outputs,
    write_outputs,
)
from bpflint.engine.discover import Scope
from bpflint.engine.merge import merge
from bpflint.engine.plugins import load_plugins, load_reporter
from bpflint.engine.request import selection_of
from bpflint.engine.run import run as run_engine
from bpflint.model.errors import ConfigError

if TYPE_CHECKING:
    from bpflint.check.run import Checked, Machine

HELP = "confirm findings on real kernels"
_DEFAULT = ("x86_64:5.10", "x86_64:6.1", "x86_64:6.12", "x86_64:7.2")
"""One that is strict about unwritten stack bytes, and three newer ones."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add every flag of `check`."""
    parser.add_argument("paths", nargs="*", default=["."], metavar="PATH", help="what is scanned (default: here)")
    parser.add_argument(
        "--kernel", action="append", default=[], metavar="host|ARCH:RELEASE|FILE.toml",
        help="ask this kernel (repeat); default: the targets with a release, else the stored 5.10, 6.1, 6.12 and 7.2",
    )  # fmt: skip
    parser.add_argument("--run", dest="run_command", metavar="CMD", help="run this loader in the guests (BPF804)")
    parser.add_argument(
        "--fuzz", type=_operations, default=0, metavar="N", help="try every map with N operations (BPF803)"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of --fuzz (default: 1)")
    _flags.add_selection(parser)
    _flags.add_reading(parser)
    group = parser.add_argument_group("output")
    add_formats(group)
    group.add_argument("--record", type=Path, metavar="FILE", help="write everything asked and said here (JSON)")
    group.add_argument("--compare", type=Path, metavar="FILE", help="an earlier record: tell what grew (BPF802)")
    group.add_argument("--metrics", type=Path, metavar="FILE", help="write load times and counts here (OpenMetrics)")
    add_looks(group)


def _operations(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is no number of operations")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Scan, ask, print."""
    from bpflint.check import command, fuzz
    from bpflint.check.build import Builder
    from bpflint.check.fuzz import jobs_of
    from bpflint.check.programs import findings_of, grown
    from bpflint.check.record import counts_before
    from bpflint.check.run import Wanted, check, told
    from bpflint.engine.vmlinux import sources, vmlinux_ready

    checked_format(args.output_format, "--output-format")
    outputs = parse_outputs(args.output)
    for path in filter(None, (args.record, args.metrics)):
        require_folder(path)
    before = counts_before(args.compare) if args.compare else {}
    request = _args.request_of(args, args.paths or ["."], quiet=args.quiet)
    plugins = load_plugins()
    selection = selection_of(request, plugins.rules)
    named = [item for item in args.target or request.config.targets if ":" in item]
    machines, began = _machines(args.kernel or named), datetime.now(UTC)
    result = run_engine(request, plugins)
    loads = any(selection.runs(code) for code in ("BPF801", "BPF802"))
    units = [unit for unit in result.project.bpf_units() if Scope(request.paths).covers(unit.path)] if loads else []
    with vmlinux_ready(request.settings, sources(request.root.path, result.files)) as settings:
        builder = Builder(result.project.units, settings, result.files)
        maps = tuple(jobs_of(result.project.bpf_units(), args.fuzz, args.seed)) if args.fuzz else ()
        wanted = Wanted(result.report.findings, units, maps, args.run_command or "")
        checked = check(wanted, machines, builder, request.progress)
    _clear(request.progress)
    _require_answers(checked)
    notes = (*result.report.notes, told(checked)) if result.report.coverage.files else result.report.notes
    rules = {rule.meta.code: rule for rule in plugins.rules}
    more = [*findings_of(rules["BPF801"], checked.loadings, checked.findings),
            *grown(rules["BPF802"], checked.loadings, before), *fuzz.findings_of(rules["BPF803"], checked.fuzzed),
            *command.findings_of(rules["BPF804"], wanted.command, checked.commands, request.root.path)]  # fmt: skip
    checked = replace(checked, findings=merge([*checked.findings, *(x for x in more if selection.runs(x.code))]))
    _keep(checked, args, began)
    problems = (*result.report.problems, *checked.problems)
    report = dress(replace(result.report, findings=checked.findings, problems=problems, notes=notes), args)
    print_text(load_reporter(args.output_format).render(report))
    write_outputs(outputs, report)
    code = code_after(result.exit_code, report, request)
    return 0 if args.exit_zero and code == 1 else code


def _clear(progress: object) -> None:
    if isinstance(progress, Progress):
        progress.clear()


def _require_answers(checked: Checked) -> None:
    """No kernel ran although some were asked: that is no result."""
    asked = [session for session in checked.sessions if session.batch.jobs]
    if asked and all(session.failed for session in asked):
        raise ConfigError("no kernel could be run: " + "; ".join(dict.fromkeys(item.failed for item in asked)))


def _keep(checked: Checked, args: argparse.Namespace, began: datetime) -> None:
    """Write the record of the run, where it was asked for or beside the cache, and the metrics."""
    from bpflint.check.build import NotBuilt, compiler
    from bpflint.check.record import document, keep, metrics, text_of

    try:
        built_by = " ".join(compiler())
    except NotBuilt:
        built_by = ""
    record = document(checked, built_by, began)
    if args.record is not None:
        write_file(args.record, text_of(record))
    elif not args.no_cache:
        with suppress(OSError):
            keep(record, _args.cache_folder() / "checks")
    if args.metrics is not None:
        write_file(args.metrics, metrics(checked))


def _machines(names: Sequence[str]) -> list[Machine]:
    """The kernels named, else those of the default matrix that are stored, else the reason why there are none."""
    from bpflint.check.machines import machine_of
    from bpflint.cli._progress import warn

    if "host" in names:
        warn("the running kernel loads programs made from what was scanned; nothing is attached or pinned")
    if not names:
        names = _stored_defaults()
    return [machine_of(name) for name in dict.fromkeys(names)]


def _stored_defaults() -> list[str]:
    from bpflint.kernels.store import find, stored

    found = []
    for name in _DEFAULT:
        try:
            found.append(str(find(name).kernel))
        except ConfigError:
            continue
    found += [str(image.kernel) for image in stored() if image.arch != "x86_64"][-1:] if found else []
    if not found:
        raise ConfigError("no kernel is stored: `bpflint kernels fetch` gets four small ones, or say --kernel host")
    return found
