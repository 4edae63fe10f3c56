"""How is a report printed for programs? One JSON document, `schema: 1`."""

from __future__ import annotations

import json
from typing import ClassVar

from bpflint.api import Report, Reporter
from bpflint.reporters._data import report_data


class JsonReporter(Reporter):
    """The contract of `bpflint/schema/bpflint-1.schema.json`."""

    name: ClassVar[str] = "json"

    def render(self, report: Report) -> str:
        """Return the document, indented by one so that a difference between two runs reads well."""
        return json.dumps(report_data(report), indent=1, ensure_ascii=False) + "\n"
