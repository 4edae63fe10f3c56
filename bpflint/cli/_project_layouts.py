"""How do the bytes of a project's types lie? The work of `bpflint layout` without `--kernels`."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import replace

from bpflint.analysis.abi import ABIS, canonical_target
from bpflint.api import ConfigError, Context, Project
from bpflint.cli import _args
from bpflint.cli._layouts import Definition, definitions, layout_data, table
from bpflint.cli._output import print_text
from bpflint.engine.discover import Scope
from bpflint.engine.nearest import did_you_mean
from bpflint.engine.plugins import Plugins, load_frontends
from bpflint.engine.run import Result
from bpflint.engine.run import run as run_engine
from bpflint.model.unit import Problem

_KEYWORDS = ("struct", "union")


def print_layouts(args: argparse.Namespace) -> int:
    """Read the project, print the layouts and return the exit code; ConfigError where the type is not found."""
    name, paths = _what(args)
    targets = [item if item in ABIS else canonical_target(item.partition(":")[0]) for item in args.target]
    args.target = [item for item in args.target if item not in ABIS or not item.startswith("bpf")]
    request = _args.request_of(args, paths, quiet=args.quiet)
    request = replace(request, settings=replace(request.settings, all_files=True))
    result = run_engine(request, Plugins(tuple, load_frontends()))
    found = definitions(result.project, request.settings, Scope(request.paths), name, targets)
    if not found:
        raise ConfigError(_missing(name, paths, result))
    ctx = Context(request.settings, Project(result.project.units, result.project.pairs))
    print_text(
        json.dumps(layout_data(found, ctx), indent=1) + "\n" if args.output_format == "json" else _text(found, ctx)
    )
    return 3 if result.exit_code == 3 else 0


def _what(args: argparse.Namespace) -> tuple[str | None, list[str]]:
    if args.all:
        return None, args.names or ["."]
    if not args.names:
        raise ConfigError("layout: name a struct, or give --all")
    first, *paths = args.names
    if first in _KEYWORDS and paths and not os.path.exists(first):  # without quotes
        first, *paths = paths
    name = first.removeprefix("struct ").removeprefix("union ")
    return name, paths or ["."]


def _missing(name: str | None, paths: list[str], result: Result) -> str:
    below = ", ".join(paths)
    why = "".join(f"\n  {_place(item)}: {item.message}" for item in result.report.problems[:5])
    if name is None:
        return f"layout: no types found under {below}{why}"
    known = [other for unit in result.project.units for decl in unit.records for other in (decl.name, *decl.names)]
    hint = did_you_mean(name, known) if name not in known else "; it is defined elsewhere in the project"
    return f"layout: no type '{name}' under {below}{hint}{why}"


def _place(problem: Problem) -> str:
    return f"{problem.path}:{problem.line}" if problem.line else problem.path


def _text(found: list[Definition], ctx: Context) -> str:
    return "\n".join(table(item, ctx.layout(item.decl, target)) for item in found for target in item.targets)
