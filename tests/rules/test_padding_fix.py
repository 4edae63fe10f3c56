"""Is padding written out on both sides at once, and never on one alone?"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from bpflint.api import Finding
from bpflint.engine.fixes import apply_fixes
from bpflint.testing import scan_sample

SAMPLES = Path(__file__).resolve().parents[2] / "bpf_samples" / "BPF111-padding-in-map-key"


def as_safe(finding: Finding) -> Finding:
    return replace(finding, fixes=tuple(replace(fix, applicability="safe") for fix in finding.fixes))


def test_both_sides_are_changed_and_nothing_is_left_to_say(tmp_path: Path) -> None:
    before = scan_sample(SAMPLES / "bad-shared").report
    (finding,) = before.findings
    assert [fix.applicability for fix in finding.fixes] == ["unsafe"]
    fixed = apply_fixes([as_safe(finding)], before.text)
    assert sorted(fixed.contents) == ["ports.bpf.c", "ports.go"]
    shutil.copytree(SAMPLES / "bad-shared", tmp_path / "copy")
    for path, data in fixed.contents.items():
        (tmp_path / "copy" / path).write_bytes(data)
    after = scan_sample(tmp_path / "copy").report
    assert after.findings == ()
    assert [item for item in after.problems if item not in before.problems] == []
    go = fixed.contents["ports.go"]
    assert b"\tProto   uint8\n\t_ [3]byte\n\tAddress uint32\n\tPort    uint16\n\t_ [2]byte\n}" in go
    assert b"\t__u16 port;\n\t__u8 __pad1[2];\n};" in fixed.contents["ports.bpf.c"]


def test_rust_names_the_padding(tmp_path: Path) -> None:
    sample = SAMPLES / "bad-shared-rust"
    before = scan_sample(sample).report
    (finding,) = (item for item in before.findings if item.code == "BPF111")
    fixed = apply_fixes([as_safe(finding)], before.text)
    assert sorted(fixed.contents) == ["ports.bpf.c", "ports.rs"]
    rust = fixed.contents["ports.rs"]
    assert b"    pub proto: u8,\n    pub __pad0: [u8; 3],\n    pub address: u32,\n    pub port: u16,\n" in rust
    assert b"    pub port: u16,\n    pub __pad1: [u8; 2],\n}" in rust
    shutil.copytree(sample, tmp_path / "copy")
    for path, data in fixed.contents.items():
        (tmp_path / "copy" / path).write_bytes(data)
    assert scan_sample(tmp_path / "copy").report.findings == ()


def test_one_side_alone_is_left_as_it_is(tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "bad-shared" / "ports.bpf.c", tmp_path)
    (finding,) = scan_sample(tmp_path).report.findings
    assert finding.fixes == ()


def test_members_that_share_a_line_are_left_as_they_are(tmp_path: Path) -> None:
    for path in (SAMPLES / "bad-shared").iterdir():
        shutil.copy(path, tmp_path)
    text = (tmp_path / "ports.go").read_text()
    text = text.replace("\tAddress uint32\n\tPort    uint16\n", "\tAddress uint32; Port uint16\n")
    (tmp_path / "ports.go").write_text(text)
    (finding,) = scan_sample(tmp_path).report.findings
    assert finding.fixes == ()
