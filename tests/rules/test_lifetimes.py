"""How bad is a resource that is left open where the process ends anyway?"""

from __future__ import annotations

from pathlib import Path

from bpflint.api import Severity
from bpflint.testing import scan_sample

SAMPLE = Path(__file__).resolve().parents[2] / "bpf_samples" / "BPF301-missing-close" / "bad-once"


def test_what_main_or_a_plugin_host_calls_once_is_told_softly() -> None:
    findings = scan_sample(SAMPLE).report.findings
    found = {item.subject.split(":")[0].rpartition(".")[2]: item.severity for item in findings}
    assert found == {"run": Severity.INFO, "often": Severity.WARNING, "add": Severity.INFO}
