"""How is a report streamed to programs? One JSON object a line; `type` says whether finding, problem or coverage."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from bpflint.api import Report, Reporter
from bpflint.reporters._data import SCHEMA, coverage_data, finding_data, problem_data


class JsonLinesReporter(Reporter):
    """The objects of the JSON format, one a line; the first line names schema, version and root."""

    name: ClassVar[str] = "json-lines"

    def render(self, report: Report) -> str:
        """Return the lines."""
        head = {"schema": SCHEMA, "version": report.version, "root": report.root.as_posix()}
        lines: list[dict[str, Any]] = [{"type": "run", **head}]
        lines.extend({"type": "finding", **finding_data(finding)} for finding in report.findings)
        lines.extend({"type": "problem", **problem_data(problem)} for problem in report.problems)
        lines.append({"type": "coverage", **coverage_data(report.coverage)})
        return "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
