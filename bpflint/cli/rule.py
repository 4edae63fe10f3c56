"""What does a rule say, and why? `bpflint rule CODE`, `bpflint rule --all`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bpflint.cli._output import print_text
from bpflint.engine.nearest import did_you_mean
from bpflint.engine.plugins import load_rules
from bpflint.model.errors import ConfigError, PluginError
from bpflint.model.run_codes import RUN_CODES

if TYPE_CHECKING:
    from bpflint.api import Rule

HELP = "explain a rule, or list all of them"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `rule`."""
    parser.add_argument("rules", nargs="*", metavar="CODE", help="codes or names")
    parser.add_argument("--all", action="store_true", help="list every rule on one line")


def run(args: argparse.Namespace) -> int:
    """Print the pages of the named rules, or the list."""
    rules = load_rules()
    if args.all or not args.rules:
        print_text("".join(_line(rule) for rule in rules))
        return 0
    print_text("\n".join(_page(_find(word, rules)) for word in args.rules))
    return 0


def _line(rule: Rule) -> str:
    meta = rule.meta
    mark = " (pedantic)" if meta.persona == "pedantic" else ""
    return f"{meta.code}  {meta.name:28}  {meta.severity.word:7}  {meta.summary}{mark}\n"


def _find(word: str, rules: tuple[Rule, ...]) -> Rule:
    for rule in rules:
        if word.lower() in (rule.meta.code.lower(), rule.meta.name.lower()):
            return rule
    if word in RUN_CODES or word in RUN_CODES.values():
        raise ConfigError(f"{word} tells about the run itself and has no page; see DESIGN, rule families")
    known = [name for rule in rules for name in (rule.meta.code, rule.meta.name)]
    raise ConfigError(f"unknown rule '{word}'{did_you_mean(word, known)} (bpflint rule --all lists them)")


def _page(rule: Rule) -> str:
    from bpflint.api import HEADINGS, rule_doc  # late: `--help` asks every subcommand

    meta = rule.meta
    head = f"# {meta.code} {meta.name}\n\n{meta.summary}\n\n"
    facts = f"Severity {meta.severity.word} · confidence {meta.confidence.word} · persona {meta.persona}"
    facts += f" · since {meta.since}"
    try:
        doc = rule_doc(rule)
    except PluginError:
        if meta.code not in RUN_CODES:
            raise
        return f"{head}{facts}\n"
    parts = [f"## {heading}\n\n{doc[heading]}\n" for heading in HEADINGS]
    if meta.references:
        parts.append("## References\n\n" + "".join(f"- {item}\n" for item in meta.references))
    return f"{head}{facts}\n\n" + "\n".join(parts)
