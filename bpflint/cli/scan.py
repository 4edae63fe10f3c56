"""What is wrong in these paths? `bpflint scan`: reads the project, runs the rules, prints a report."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bpflint.cli import _args, _flags
from bpflint.cli._output import encoded, print_text, require_folder, write_file
from bpflint.cli._progress import Progress, wants_color
from bpflint.engine.nearest import did_you_mean
from bpflint.engine.plugins import Plugins, load_plugins, load_reporter, reporter_names
from bpflint.engine.request import Request
from bpflint.engine.run import Result
from bpflint.engine.run import run as run_engine
from bpflint.model.errors import ConfigError

if TYPE_CHECKING:
    from bpflint.api import Report

HELP = "find faults in BPF programs and in the code that shares their bytes"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add every flag of `scan`."""
    parser.add_argument("paths", nargs="*", default=["."], metavar="PATH", help="what is reported (default: here)")
    _flags.add_selection(parser)
    _flags.add_reading(parser)
    _add_output(parser)


def _add_output(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("output")
    add_formats(group)
    group.add_argument("--fix", action="store_true", help="apply safe fixes")
    group.add_argument("--diff", action="store_true", help="print what --fix would change")
    group.add_argument("--allow-empty", action="store_true", help="exit 0 although there was nothing to look at")
    group.add_argument("--time", action="store_true", help="say on stderr what took how long")
    group.add_argument("--watch", action="store_true", help="scan again whenever a file changes")
    group.add_argument("--show-files", action="store_true", help="list the files that would be read, and stop")
    group.add_argument("--show-settings", action="store_true", help="list the settings that hold, and stop")
    add_looks(group)


def add_formats(group: argparse._ArgumentGroup) -> None:
    """Add in which formats a report goes where."""
    group.add_argument("--output-format", default="full", metavar="FORMAT", help="format of stdout (default: full)")
    group.add_argument(
        "--output", action="append", default=[], metavar="FORMAT=FILE", help="also write this format to a file (repeat)"
    )


def add_looks(group: argparse._ArgumentGroup) -> None:
    """Add what a report shows, and whether it raises the exit code."""
    group.add_argument("--exit-zero", action="store_true", help="exit 0 although there are findings")
    group.add_argument("--statistics", action="store_true", help="count findings by code")
    group.add_argument("--color", nargs="?", const="always", choices=("auto", "always", "never"), help="color (auto)")
    group.add_argument("-q", "--quiet", action="store_true", help="findings only")
    group.add_argument("-v", "--verbose", action="store_true", help="also say what was not looked at, and why")



def run(args: argparse.Namespace) -> int:
    """Scan once, or again and again with `--watch`."""
    outputs = parse_outputs(args.output)
    checked_format(args.output_format, "--output-format")
    request = _args.request_of(args, args.paths or ["."], quiet=args.quiet)
    plugins = load_plugins()
    if args.show_settings or args.show_files:
        from bpflint.cli import _show

        return _show.show(request, plugins, files=args.show_files)
    if args.watch:
        from bpflint.cli._watch import watch

        return watch(request, plugins, lambda: scan_once(args, request, plugins, outputs))
    return scan_once(args, request, plugins, outputs)


def scan_once(
    args: argparse.Namespace, request: Request, plugins: Plugins, outputs: Sequence[tuple[str, Path]]
) -> int:
    """Run, print, write and return the exit code."""
    result = run_engine(request, plugins, lambda: load_reporter(args.output_format))
    if isinstance(request.progress, Progress):
        request.progress.clear()
    report = dress(result.report, args)
    if args.fix or args.diff:
        from bpflint.cli import _fix

        report, difference = _fix.fix(report, write=not args.diff, quiet=args.quiet)
    text = difference if args.diff else load_reporter(args.output_format).render(report)
    print_text(text)
    write_outputs(outputs, report)
    if args.time:
        _print_times(result)
    code = code_after(result.exit_code, report, request) if args.fix else result.exit_code
    code = 0 if args.exit_zero and code == 1 else code
    if not (outputs or args.fix or args.diff or args.time or args.watch):
        keep_run(args, request, plugins, result, text, code)
    return code


def keep_run(
    args: argparse.Namespace, request: Request, plugins: Plugins, result: Result, text: str, code: int
) -> None:
    """Keep what was printed, so that the next run need not look again where nothing has changed."""
    if request.settings.cache_dir is None or code > 1:
        return
    from bpflint.engine.rests import rests_of  # late: behind the workers

    rests = rests_of(request, result.found, result.harvest.reads, plugins.packages, result.file_state)
    result.remember()
    if rests is not None:
        args.recording.keep(rests, encoded(text), code)


def dress(report: Report, args: argparse.Namespace) -> Report:
    """Return the report with what the flags say about its looks."""
    return replace(
        report,
        color=wants_color(args.color),
        verbose=args.verbose,
        quiet=args.quiet,
        statistics=args.statistics,
    )


def code_after(code: int, report: Report, request: Request) -> int:
    """Return the exit code once findings were fixed or left out: only 0 and 1 can change."""
    if code > 1:
        return code
    from bpflint.engine.outcome import counts  # late: what comes behind the workers is imported while they read

    return 1 if any(counts(finding, request.fail_on) for finding in report.findings) else 0


def checked_format(name: str, flag: str) -> str:
    """Return the name of an output format as it is; raises ConfigError with the nearest match where there is none."""
    known = sorted(reporter_names())
    if name not in known:
        hint = did_you_mean(name, known)
        raise ConfigError(f"{flag}: unknown format '{name}'{hint}; known are {' '.join(known)}")
    return name


def parse_outputs(texts: Sequence[str]) -> list[tuple[str, Path]]:
    """Return the format and the file of each `FORMAT=FILE`; raises ConfigError, also where two share a file."""
    outputs: list[tuple[str, Path]] = []
    for text in texts:
        name, equals, path = text.partition("=")
        if not equals or not path:
            raise ConfigError(f"--output: '{text}' is not FORMAT=FILE")
        if any(other.absolute() == Path(path).absolute() for _, other in outputs):
            raise ConfigError(f"--output: two formats go to {path}: give each a file of its own")
        require_folder(Path(path))
        outputs.append((checked_format(name, "--output"), Path(path)))
    return outputs


def write_outputs(outputs: Sequence[tuple[str, Path]], report: Report) -> None:
    """Write the report to every `--output FORMAT=FILE`, without color."""
    plain = replace(report, color=False)
    for name, path in outputs:
        write_file(path, load_reporter(name).render(plain))


def _print_times(result: Result) -> None:
    harvest = result.harvest
    print(f"read {len(harvest.analysed)} files, {harvest.known} known from earlier runs", file=sys.stderr)
    for name, seconds in sorted(result.seconds.items(), key=lambda item: -item[1]):
        if round(seconds * 1000, 1):
            print(f"{seconds * 1000:8.1f} ms  {name}", file=sys.stderr)
