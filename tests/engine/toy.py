"""Which project can the engine be tested on without a real parser? A toy language, one front end and some rules.

A `.toy` file has one statement a line: `bpf` or `user` sets the side, `record NAME`, `program NAME`, `map NAME`,
`bad NAME` (rule TOY101 reports it), `boom` (a rule crashes on it), `crash`, `hang`, `raise`, `refuse`, `embed TEXT`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from bpflint.api import (
    Bits,
    Codec,
    Context,
    Finding,
    FrontEnd,
    FrontEndError,
    Job,
    Loaded,
    MapDef,
    Member,
    Problem,
    Program,
    RecordDecl,
    Reference,
    Related,
    Rule,
    RuleMeta,
    Scalar,
    Settings,
    Severity,
    SourceFile,
    Span,
    Unit,
)  # fmt: skip

U32 = Scalar(("__u32", "unsigned int"), Bits(32))


class ToyFrontEnd(FrontEnd):
    name: ClassVar[str] = "toy"
    suffixes: ClassVar[tuple[str, ...]] = (".toy",)

    def plan(self, files: Sequence[SourceFile], settings: Settings) -> Sequence[Job]:
        return [Job("toy", file.path) for file in files if file.path.endswith(".toy") and file.read()]

    def load(self, job: Job, settings: Settings) -> Loaded:
        text = job.text if job.text is not None else (settings.root / job.path).read_text("utf-8", "replace")
        unit: dict[str, Any] = {"path": job.path, "language": "c", "side": "bpf"}
        follow: list[Job] = []
        for row, line in enumerate(text.splitlines(), 1):
            word, _, rest = line.partition("//")[0].strip().partition(" ")
            span = Span(job.path, row, 1, row, max(2, len(line) + 1))
            _statement(word, rest.strip(), span, unit, follow)
        return Loaded(
            (Unit(**{key: tuple(v) if isinstance(v, list) else v for key, v in unit.items()}),), tuple(follow)
        )


def _statement(word: str, rest: str, span: Span, unit: dict[str, Any], follow: list[Job]) -> None:
    match word:
        case "bpf" | "user":
            unit["side"] = word
            unit["language"] = "c" if word == "bpf" else "python"
        case "record":
            decl = RecordDecl(rest, "struct", (Member("a", U32),), unit["language"], Codec.C, span)
            unit.setdefault("records", []).append(decl)
        case "program":
            unit.setdefault("programs", []).append(Program(rest, "xdp", span))
        case "map":
            unit.setdefault("maps", []).append(MapDef(rest, "hash", span, "btf"))
        case "bad" | "boom" | "style":
            unit.setdefault("references", []).append(Reference("map", f"{word} {rest}", span))
        case "problem":
            unit.setdefault("problems", []).append(Problem("BPF002", span.path, span.line, rest))
        case "include":
            unit.setdefault("includes", []).append(rest)
        case "crash":
            os.kill(os.getpid(), 9)
        case "hang":
            time.sleep(600)
        case "raise":
            raise KeyError(rest)
        case "refuse":
            raise FrontEndError(f"{span.path}:{span.line}: {rest}")
        case "embed":
            follow.append(Job("toy", span.path, text=rest.replace(";", "\n")))


def _named(unit: Unit, word: str) -> Iterable[tuple[str, Span]]:
    for item in unit.references:
        head, _, rest = item.name.partition(" ")
        if head == word:
            yield rest, item.span


class BadRule(Rule):
    """Reports every `bad`; a word behind the name is the severity, `near=FILE:LINE` a related place."""

    meta = RuleMeta(code="TOY101", name="toy-bad", summary="a bad thing", severity=Severity.WARNING)

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        for rest, span in _named(unit, "bad"):
            name, *words = rest.split()
            severity = next((Severity[word.upper()] for word in words if word in ("error", "warning", "info")), None)
            near = [word.removeprefix("near=").split(":") for word in words if word.startswith("near=")]
            related = [Related(Span(path, int(line)), "user-side", "other side") for path, line in near]
            yield self.finding(
                span, f"{name} is bad", subject=name, severity=severity, related=related, targets=ctx.settings.targets
            )


class StyleRule(Rule):
    """Reports every `style`, for pedants."""

    meta = RuleMeta(
        code="TOY201", name="toy-style", summary="a matter of style", severity=Severity.INFO, persona="pedantic"
    )

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        for rest, span in _named(unit, "style"):
            yield self.finding(span, f"{rest} lacks style", subject=rest)


class CrossRule(Rule):
    """Says nothing; it needs both sides."""

    meta = RuleMeta(code="TOY301", name="toy-cross", summary="two sides", severity=Severity.ERROR, cross_file=True)

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        return ()


class BoomRule(Rule):
    """Crashes on `boom`."""

    meta = RuleMeta(code="TOY401", name="toy-boom", summary="crashes", severity=Severity.WARNING)

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        for rest, span in _named(unit, "boom"):
            if rest == "now":
                raise ValueError("no such thing")
            yield self.finding(span, "boom", subject=rest)


def renamed(finding: Finding, **changes: Any) -> Finding:
    return replace(finding, **changes)
