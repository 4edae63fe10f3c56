"""How bad is a resource that is left open where the process ends anyway?"""

from __future__ import annotations

from pathlib import Path

from bpflint.api import Severity
from bpflint.engine.fixes import apply_fixes
from bpflint.testing import scan_sample

SAMPLES = Path(__file__).resolve().parents[2] / "bpf_samples"
SAMPLE = SAMPLES / "BPF301-missing-close" / "bad-once"


def test_what_main_or_a_plugin_host_calls_once_is_told_softly() -> None:
    findings = scan_sample(SAMPLE).report.findings
    found = {item.subject.split(":")[0].rpartition(".")[2]: item.severity for item in findings}
    assert found == {"run": Severity.INFO, "often": Severity.WARNING, "add": Severity.INFO}


def test_what_straight_calls_from_main_lead_to_or_ends_the_process_is_told_softly() -> None:
    findings = scan_sample(SAMPLES / "BPF302-leak-on-error-path" / "bad-once").report.findings
    found = {item.subject.split(":")[0].rpartition(".")[2]: item.severity for item in findings}
    assert found == {"deeper": Severity.INFO, "fatal": Severity.INFO, "returned": Severity.WARNING}


BODY = """package probe

import (
	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

var kept int

func read(spec *ebpf.MapSpec) error {
	m, err := ebpf.NewMap(spec)
	if err != nil {
		return err
	}
	// how many there are
	var n uint32

	return m.Lookup(uint32(0), &n)
}

func lent(spec *ebpf.MapSpec) error {
	m, err := ebpf.NewMap(spec)
	if err != nil {
		return err
	}
	kept = m.FD()
	return nil
}

func attached(prog *ebpf.Program) error {
	l, err := link.Kprobe("x", prog, nil)
	if err != nil {
		return err
	}
	_, err = l.Info()
	return err
}

func turns(specs []*ebpf.MapSpec) error {
	for _, spec := range specs {
		m, err := ebpf.NewMap(spec)
		if err != nil {
			return err
		}
		if _, err := m.Info(); err != nil {
			return err
		}
	}
	return nil
}
"""


def test_a_close_is_deferred_where_that_is_certain(tmp_path: Path) -> None:
    (tmp_path / "probe.go").write_text(BODY)
    report = scan_sample(tmp_path).report
    offered = {
        item.subject.split(":")[0][1:]: [(fix.applicability, fix.edits[0].span.line) for fix in item.fixes]
        for item in report.findings if item.code == "BPF301"
    }  # fmt: skip
    assert offered["read"] == [("safe", 16)]
    assert [item[0] for item in offered.get("attached", [])] == ["unsafe"]
    assert [item[0] for item in offered.get("lent", [])] in ([], ["unsafe"])
    assert offered["turns"] == []
    fixed = apply_fixes(report.findings, report.text).contents["probe.go"].decode()
    assert "\t// how many there are\n\tdefer m.Close()\n\tvar n uint32\n" in fixed
    assert fixed.count("defer") == 1
