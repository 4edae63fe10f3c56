"""Does the one finding of a struct that architectures lay out differently show both sides, not a finding for each?"""

from __future__ import annotations

from pathlib import Path

from bpflint.testing import scan_sample

SAMPLE = Path(__file__).parents[2] / "bpf_samples" / "BPF107-arch-dependent-type" / "bad"


def test_what_configured_targets_agree_on_is_shown_for_the_first_that_differs(tmp_path: Path) -> None:
    (found,) = [item for item in scan_sample(SAMPLE, cache_dir=tmp_path).report.findings if "`result`" in item.message]
    head, *rows = found.table.splitlines()
    assert found.targets == ("arm", "i386")
    assert "24 bytes" in head
    assert "arm: " in head
    assert any("≠" in row and "result" in row for row in rows)
