"""Which arguments do several subcommands share? Imported for every command line, so nothing but argparse is."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bpflint.model.errors import ConfigError

if TYPE_CHECKING:
    from bpflint.model.finding import Severity


def add_selection(parser: argparse.ArgumentParser) -> None:
    """Add which rules run and what raises the exit code."""
    group = parser.add_argument_group("rules")
    group.add_argument("--select", type=_codes, metavar="CODES", help="run these rules instead of the configured ones")
    group.add_argument("--extend-select", type=_codes, default=(), metavar="CODES", help="run these rules as well")
    group.add_argument("--ignore", type=_codes, default=(), metavar="CODES", help="do not run these rules")
    group.add_argument("--persona", choices=("regular", "pedantic"), help="pedantic also runs the rules about style")
    group.add_argument("--fail-on", type=_severity, metavar="error|warning|info", help="exit 1 from this severity on")


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Add how the project is read."""
    group = parser.add_argument_group("reading")
    group.add_argument(
        "--target", action="append", default=[], metavar="ARCH[:RELEASE]|host", help="lay out for this target (repeat)"
    )
    group.add_argument("--only", action="store_true", help="read nothing but the PATHs and headers")
    group.add_argument("-I", dest="include", action="append", default=[], metavar="DIR", help="include folder (repeat)")
    group.add_argument("-D", dest="define", action="append", default=[], metavar="X=Y", help="macro (repeat)")
    group.add_argument("--object", action="append", default=[], metavar="GLOB", help="compiled objects to read too")
    group.add_argument("-j", dest="jobs", type=_jobs, default=0, metavar="N", help="processes (default: all)")
    group.add_argument("--executor", default="", metavar="dask://HOST:PORT", help="read files on a Dask cluster")
    group.add_argument("--no-cache", action="store_true", help="keep nothing between runs")
    group.add_argument("--isolated", action="store_true", help="ignore every configuration file")


def _codes(text: str) -> tuple[str, ...]:
    return tuple(item for item in text.replace(",", " ").split() if item)


def _severity(text: str) -> Severity:
    from bpflint.engine.config import severity_of  # late: the model

    return severity_of(text, lambda complaint: ConfigError(f"--fail-on: {complaint}"))


def _jobs(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of processes above 0")
    return int(text)
