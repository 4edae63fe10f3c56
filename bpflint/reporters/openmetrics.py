"""How do dashboards follow findings over time? As OpenMetrics text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import ClassVar

from bpflint.api import Report, Reporter

Labels = tuple[tuple[str, str], ...]


class OpenMetricsReporter(Reporter):
    """Gauges: findings by code, severity and disposition, problems by code, and what was looked at."""

    name: ClassVar[str] = "openmetrics"

    def render(self, report: Report) -> str:
        """Return the exposition, closed by `# EOF` as the format demands."""
        findings: Counter[Labels] = Counter(
            (("code", item.code), ("severity", item.severity.word), ("disposition", item.disposition))
            for item in report.findings
        )
        problems: Counter[Labels] = Counter(
            (("code", item.code), ("severity", item.severity)) for item in report.problems
        )
        coverage = report.coverage
        looked: dict[Labels, int] = {
            (("kind", "programs"),): coverage.programs,
            (("kind", "maps"),): coverage.maps,
            (("kind", "maps_compared"),): coverage.maps_compared,
            (("kind", "records"),): coverage.records,
            (("kind", "records_opaque"),): sum(coverage.records_opaque.values()),
            **{(("kind", f"files_{name}"),): number for name, number in coverage.files.items()},
        }
        parts = [
            _family("bpflint_findings", "Findings by code.", findings),
            _family("bpflint_problems", "What the run could not do or see.", problems),
            _family("bpflint_looked_at", "What the run looked at.", looked),
        ]
        return "".join(parts) + "# EOF\n"


def _family(name: str, text: str, values: Mapping[Labels, int]) -> str:
    lines = [f"# TYPE {name} gauge", f"# HELP {name} {text}"]
    for labels, number in sorted(values.items()):
        shown = ",".join(f'{key}="{_escape(value)}"' for key, value in labels)
        lines.append(f"{name}{{{shown}}} {number}")
    return "".join(line + "\n" for line in lines)


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
