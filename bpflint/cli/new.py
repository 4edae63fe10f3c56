"""How does a new rule begin? `bpflint new rule NAME` writes a file of the right shape."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from bpflint.engine.plugins import load_rules
from bpflint.model.errors import ConfigError

HELP = "write the beginning of a new rule"

_TEMPLATE = '''"""Which fault does {code} report? {summary}"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, RecordDecl, Rule, RuleMeta, Severity, Unit


class {cls}(Rule):
    """{summary}

    ## What it does
    Say in one or two sentences what is reported.

    ## Why is this bad
    Say what happens at run time, with a public issue as evidence.

    ## Example
        struct event {{ ... }};

    ## Use instead
        struct event {{ ... }};

    ## Known limits
    Say when it stays silent although the fault is there, and when it may be wrong.
    """

    meta = RuleMeta(code="{code}", name="{name}", summary="{summary}", severity=Severity.WARNING)

    def check_record(self, record: RecordDecl, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report the records that have the fault."""
        return ()
'''


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `new`."""
    parser.add_argument("kind", choices=("rule",), help="what to begin")
    parser.add_argument("name", help="kebab name, e.g. padding-in-map-key")
    parser.add_argument("--code", help="its code; default: the first free code of a prefix of your own, XYZ001")
    parser.add_argument("--directory", default=".", help="the rule package (default: here)")


def run(args: argparse.Namespace) -> int:
    """Write the file and say what to do next."""
    name = args.name
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise ConfigError(f"'{name}' is no rule name: use lower-case words joined by '-'")
    rules = load_rules()
    code = args.code or _free({rule.meta.code for rule in rules})
    if not re.fullmatch(r"[A-Z]{1,3}\d{3}", code):
        raise ConfigError(f"--code: '{code}' is no code: use 1-3 capitals and 3 digits")
    if taken := next((rule.meta for rule in rules if rule.meta.code == code or rule.meta.name == name), None):
        raise ConfigError(f"'{name}' ({code}): taken by {taken.code} {taken.name}")
    path = Path(args.directory) / f"{code.lower()}_{name.replace('-', '_')}.py"
    cls = "".join(word.capitalize() for word in name.split("-"))
    _write(path, _TEMPLATE.format(code=code, name=name, cls=cls, summary=name.replace("-", " ").capitalize() + "."))
    print(f"wrote {path}; next: say what it reports, add samples bpf_samples/{code}-{name}/{{bad,good}}/ with")
    print(f'want {code} "part of the message" comments, and name the package in an entry point of bpflint.rules')
    return 0


def _free(codes: set[str]) -> str:
    return next(code for number in range(1, 1000) if (code := f"XYZ{number:03}") not in codes)


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ConfigError(f"{path}: exists already") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror or error}") from None
