"""How does code scanning read findings? As SARIF 2.1.0, built with sarif-om and written by our own serialiser."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from bpflint.api import Finding, PluginError, Problem, Report, Reporter, Rule, RuleMeta, Severity, Span, rule_doc
from bpflint.model.run_codes import RUN_CODES
from bpflint.reporters._line_hash import line_hashes
from bpflint.reporters._places import empty, repository_prefix, uri
from bpflint.reporters._sarif_write import to_text
from bpflint.reporters._shared import DOCS, active, by_gravity, docs_url

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LIMIT = 5000
"""Code scanning takes no more results from one run."""
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_PROBLEMS = {"error": "error", "warning": "warning", "info": "recommendation"}
_PRECISIONS = {"certain": "very-high", "high": "high", "medium": "medium", "low": "low"}
_LINK = re.compile(r"\[([^\[\]]*)\](?=\(\d+\))")


class SarifReporter(Reporter):
    """One run. What a comment silenced is left out, since code scanning would open an alert for it."""

    name: ClassVar[str] = "sarif"

    def render(self, report: Report) -> str:
        """Return the log; at most 5,000 results, gravest and surest first, and a notification if some are missing."""
        return to_text(_Builder(report).log())


class _Builder:
    """Builds the objects of one log; sarif_om is imported here and nowhere else (90 ms)."""

    def __init__(self, report: Report) -> None:
        import sarif_om

        self.om = sarif_om
        self.report = report
        self.prefix = repository_prefix(report.root)
        self.findings = sorted(by_gravity(active(report.findings))[:LIMIT], key=Finding.sort_key)
        self.metas = _metas(report.rules, self.findings)
        self.index = {meta.code: n for n, (meta, _) in enumerate(self.metas)}
        self.hashes: dict[str, Any] = {}

    def log(self) -> Any:
        om = self.om
        root = om.ArtifactLocation(description=om.Message(text="The top of the repository."))
        run = om.Run(
            tool=om.Tool(driver=self._driver()),
            automation_details=om.RunAutomationDetails(id="bpflint/"),
            column_kind="unicodeCodePoints",
            original_uri_base_ids={"%SRCROOT%": root},
            invocations=[self._invocation()],
            results=[self._result(finding) for finding in self.findings],
        )
        return om.SarifLog(runs=[run], version="2.1.0", schema_uri=SCHEMA)

    def _driver(self) -> Any:
        return self.om.ToolComponent(
            name="bpflint",
            version=self.report.version,
            semantic_version=self.report.version,
            information_uri=DOCS.removesuffix("rules/"),
            rules=[self._rule(meta, rule) for meta, rule in self.metas],
        )

    def _rule(self, meta: RuleMeta, rule: Rule | None) -> Any:
        om = self.om
        plain, markdown = _help(meta, rule)
        word = meta.severity.word
        return om.ReportingDescriptor(
            id=meta.code,
            name=meta.name,
            short_description=om.MultiformatMessageString(text=_sentence(meta.summary or meta.name)),
            full_description=om.MultiformatMessageString(text=_first_paragraph(plain) or _sentence(meta.name)),
            help=om.MultiformatMessageString(text=plain, markdown=markdown),
            help_uri=docs_url(meta.code),
            default_configuration=om.ReportingConfiguration(level=_LEVELS[word]),
            properties={
                "precision": _PRECISIONS[meta.confidence.word],
                "problem.severity": _PROBLEMS[word],
                "tags": ["bpf", meta.code[:4]],
            },
        )

    def _result(self, finding: Finding) -> Any:
        om = self.om
        related = [self._location(item.span, item.message or item.role, n) for n, item in enumerate(finding.related, 1)]
        fixes = [
            self._fix(fix.message, fix.edits) for fix in finding.fixes if fix.edits and fix.applicability == "safe"
        ]
        return om.Result(
            message=om.Message(text=_message(finding)),
            rule_id=finding.code,
            rule_index=self.index[finding.code],
            level=_LEVELS[finding.severity.word],
            locations=[self._location(finding.span)],
            related_locations=related or None,
            code_flows=self._flows(finding),
            fixes=fixes or None,
            partial_fingerprints=self._fingerprints(finding),
            properties={
                "confidence": finding.confidence.word,
                "persona": finding.persona,
                "subject": finding.subject,
                "targets": list(finding.targets),
                "verdict": finding.verdict.state if finding.verdict else None,
            },
        )

    def _fingerprints(self, finding: Finding) -> dict[str, str]:
        prints = {"bpflint/v1": finding.fingerprint}
        path = finding.span.path
        if path not in self.hashes:
            text = self.report.text(path)
            self.hashes[path] = {} if text is None else line_hashes(text.data)
        found = self.hashes[path].get(finding.span.line)
        return {**prints, "primaryLocationLineHash": found} if found else prints

    def _flows(self, finding: Finding) -> list[Any] | None:
        if not finding.flow:
            return None
        om = self.om
        steps = [om.ThreadFlowLocation(location=self._location(step.span, step.message)) for step in finding.flow]
        return [om.CodeFlow(thread_flows=[om.ThreadFlow(locations=steps)])]

    def _fix(self, message: str, edits: Sequence[Any]) -> Any:
        om = self.om
        by_path: dict[str, list[Any]] = {}
        for edit in edits:
            replacement = om.Replacement(
                deleted_region=self._region(edit.span, exact=True), inserted_content=om.ArtifactContent(text=edit.text)
            )
            by_path.setdefault(edit.span.path, []).append(replacement)
        changes = [
            om.ArtifactChange(artifact_location=self._artifact(path), replacements=made)
            for path, made in by_path.items()
        ]
        return om.Fix(artifact_changes=changes, description=om.Message(text=message))

    def _location(self, span: Span, message: str = "", number: int = -1) -> Any:
        om = self.om
        physical = om.PhysicalLocation(artifact_location=self._artifact(span.path), region=self._region(span))
        text = om.Message(text=_LINK.sub(r"\\[\1\\]", message)) if message else None
        return om.Location(physical_location=physical, message=text, id=number)

    def _artifact(self, path: str) -> Any:
        return self.om.ArtifactLocation(uri=uri(self.prefix + path), uri_base_id="%SRCROOT%")

    def _region(self, span: Span, *, exact: bool = False) -> Any:
        if empty(span) and not exact:
            return self.om.Region(start_line=span.line, start_column=span.column)
        return self.om.Region(
            start_line=span.line, start_column=span.column, end_line=span.end_line, end_column=span.end_column
        )

    def _invocation(self) -> Any:
        problems = self.report.problems
        notifications = [self._notification(problem) for problem in problems]
        left_out = len(active(self.report.findings)) - len(self.findings)
        if left_out:
            text = f"{left_out} results are left out: code scanning takes {LIMIT} a run, gravest and surest first"
            notifications.append(self.om.Notification(message=self.om.Message(text=text), level="warning"))
        failed = any(problem.severity == "error" for problem in problems)
        return self.om.Invocation(execution_successful=not failed, tool_execution_notifications=notifications)

    def _notification(self, problem: Problem) -> Any:
        place = Span(problem.path, max(problem.line, 1))
        return self.om.Notification(
            message=self.om.Message(text=problem.message),
            level=_LEVELS[problem.severity],
            descriptor=self.om.ReportingDescriptorReference(id=problem.code),
            locations=[self._location(place)] if problem.path else None,
        )


def _metas(rules: Sequence[Rule], findings: Sequence[Finding]) -> list[tuple[RuleMeta, Rule | None]]:
    """Every rule that ran, by code, and the run's own codes that findings carry."""
    known: dict[str, tuple[RuleMeta, Rule | None]] = {rule.meta.code: (rule.meta, rule) for rule in rules}
    for finding in findings:
        if finding.code not in known:
            name = RUN_CODES.get(finding.code, finding.name)
            meta = RuleMeta(code=finding.code, name=name, summary=name.replace("-", " "), severity=Severity.INFO)
            known[finding.code] = (meta, None)
    return [known[code] for code in sorted(known)]


def _help(meta: RuleMeta, rule: Rule | None) -> tuple[str, str]:
    """A rule without the fixed headings still has a text."""
    if rule is None:
        return _sentence(meta.summary), _sentence(meta.summary)
    try:
        doc = rule_doc(rule)
    except PluginError:
        text = _sentence(meta.summary)
        return text, text
    parts = [f"{heading}\n\n{body}" for heading, body in doc.items()]
    references = "".join(f"\n- {item}" for item in meta.references)
    more = f"\n\nReferences{references}" if references else ""
    markdown = "\n\n".join(f"## {heading}\n\n{body}" for heading, body in doc.items())
    return "\n\n".join(parts) + more, markdown + (f"\n\n## References\n{references}" if references else "")


def _first_paragraph(text: str) -> str:
    body = text.partition("\n\n")[2] or text
    return " ".join(body.partition("\n\n")[0].split())


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else text + "."


def _message(finding: Finding) -> str:
    """The message, what would read as a link escaped, and links to the related places."""
    text = _LINK.sub(r"\\[\1\\]", finding.message)
    links = [
        f"[{item.span.path.rpartition('/')[2]}:{item.span.line}]({number})"
        for number, item in enumerate(finding.related, 1)
    ]
    return f"{text} (see {', '.join(links)})" if links else text
