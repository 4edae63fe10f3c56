"""Which findings did a comment silence, and which comments silence nothing?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace

from bpflint.engine.nearest import did_you_mean
from bpflint.model.data import dataclass
from bpflint.model.finding import Confidence, Finding, Severity
from bpflint.model.run_codes import RUN_CODES
from bpflint.model.source import Span, Text
from bpflint.model.unit import Directive, Problem

_KINDS = ("ignore", "ignore-file", "noqa", "disable")
_LANGUAGE_MARKS = ("//", "/*", "#", "*", "--")


@dataclass(slots=True)
class Suppression:
    """One directive made ready: the lines it speaks for (None: the whole file) and the codes it names.

    `used` collects the codes that silenced something.
    """

    directive: Directive
    lines: frozenset[int] | None
    prefixes: tuple[str, ...]
    used: set[str] = field(default_factory=set)

    def covers(self, code: str, span: Span) -> str | None:
        """Return the prefix by which a finding at `span` is silenced, None where it is not."""
        if self.lines is not None and span.line not in self.lines:
            return None
        return next((prefix for prefix in self.prefixes if code.startswith(prefix)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What decides whether an unused suppression may be called so."""

    names: Mapping[str, str]
    """Code to name, of every known rule."""
    ran: Callable[[str, str], bool]
    """Whether the rule of a code (prefix) ran over a file and saw what it needs."""
    reported: Callable[[str], bool]
    report_unused: bool = True
    report_bare: bool = False


@dataclass(slots=True)
class Suppressed:
    """Findings with their dispositions, what is said about the directives, and the unknown names in them."""

    findings: tuple[Finding, ...]
    about: list[Finding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def suppress(
    findings: Sequence[Finding],
    directives: Iterable[Directive],
    text: Callable[[str], Text | None],
    judgement: Judgement,
) -> Suppressed:
    """Return the findings marked by the directives, and the complaints about directives (BPF006, 007, 008)."""
    problems: list[Problem] = []
    by_path: dict[str, list[Suppression]] = {}
    for directive in _distinct(directives):
        made = _prepare(directive, text(directive.span.path), judgement, problems)
        by_path.setdefault(directive.span.path, []).append(made)
    marked = tuple(_mark(finding, by_path) for finding in findings)
    result = Suppressed(marked, problems=[item for item in problems if judgement.reported(item.path)])
    for path in sorted(by_path):
        if judgement.reported(path):
            for item in by_path[path]:
                result.about.extend(_complaints(item, judgement))
    return result


def _distinct(directives: Iterable[Directive]) -> list[Directive]:
    """The same comment may come from several units, and from a front end as well as from our own lexer."""
    seen: dict[tuple[object, ...], Directive] = {}
    for item in directives:
        if item.kind in _KINDS:
            seen.setdefault((item.span.path, item.span.line, item.kind, item.args), item)
    return sorted(seen.values(), key=lambda item: item.span)


def _prepare(item: Directive, text: Text | None, judgement: Judgement, problems: list[Problem]) -> Suppression:
    lines = None if item.kind == "ignore-file" else _lines(item.span, text)
    codes = {name: code for code, name in {**RUN_CODES, **judgement.names}.items()}
    prefixes: list[str] = [] if item.args else [""]
    for word in item.args:
        known = codes.get(word, word if any(code.startswith(word) for code in codes.values()) else None)
        if known is not None:
            prefixes.append(known)
        elif item.kind.startswith("ignore") or (item.kind == "noqa" and word.startswith("BPF")):
            hint = did_you_mean(word, [*codes, *codes.values()])
            problems.append(Problem("BPF008", item.span.path, item.span.line, f"unknown rule '{word}'{hint}"))
    return Suppression(item, lines, tuple(prefixes))


def _lines(span: Span, text: Text | None) -> frozenset[int]:
    """A comment behind code speaks for its own line; one that stands alone for the next line that is no comment."""
    if text is None:
        return frozenset((span.line, span.end_line, span.end_line + 1))
    before = text.line(span.line)[: span.column - 1].strip()
    if before and not before.startswith(_LANGUAGE_MARKS):
        return frozenset((span.line,))
    row = span.end_line + 1
    while row <= text.line_count and _only_comment(text.line(row)):
        row += 1
    return frozenset((span.line, row))


def _only_comment(line: str) -> bool:
    return line.strip().startswith(("//", "/*", "#")) and not line.strip().startswith(("#include", "#define", "#if"))


def _mark(finding: Finding, by_path: Mapping[str, list[Suppression]]) -> Finding:
    """Every directive that covers the finding counts as used; the first one's reason is kept."""
    hits: list[Suppression] = []
    for span in (finding.span, *(related.span for related in finding.related)):
        for item in by_path.get(span.path, ()):
            prefix = item.covers(finding.code, span)
            if prefix is not None:
                item.used.add(prefix)
                hits.append(item)
    if not hits or finding.disposition != "active":
        return finding
    reason = next((item.directive.reason for item in hits if item.directive.reason), "")
    return replace(finding, disposition="suppressed", reason=reason)


def _complaints(item: Suppression, judgement: Judgement) -> Iterable[Finding]:
    directive = item.directive
    path = directive.span.path
    if judgement.report_unused and directive.kind != "disable":
        for prefix in item.prefixes:
            if prefix not in item.used and judgement.ran(prefix, path):
                what = prefix or "any rule"
                yield _about(directive, "BPF006", f"suppression of {what} hides nothing; remove it", prefix)
    if judgement.report_bare and directive.kind.startswith("ignore") and not directive.reason:
        yield _about(directive, "BPF007", "suppression without a reason; write one behind it", "")


def _about(directive: Directive, code: str, message: str, prefix: str) -> Finding:
    return Finding(
        code=code,
        name=RUN_CODES[code],
        severity=Severity.INFO,
        confidence=Confidence.CERTAIN,
        message=message,
        span=directive.span,
        subject=f"{directive.kind}[{prefix or ','.join(directive.args)}]",
        persona="pedantic" if code == "BPF007" else "regular",
    )
