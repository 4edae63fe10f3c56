"""Are fixes applied whole, safely and where they were meant?"""

from __future__ import annotations

from bpflint.api import Confidence, Edit, Finding, Fix, Severity, Span, Text
from bpflint.engine.fixes import apply_fixes

DATA = {"a.c": "é = one;\r\nbad two\n".encode()}


def text(path: str) -> Text | None:
    return Text(DATA[path]) if path in DATA else None


def finding(*edits: Edit, applicability: str = "safe", disposition: str = "active") -> Finding:
    fix = Fix("do it", applicability, edits)  # type: ignore[arg-type]
    return Finding(
        code="X001", name="x", severity=Severity.INFO, confidence=Confidence.HIGH, message="m", span=Span("a.c", 1),
        subject="s", fixes=(fix,), disposition=disposition,  # type: ignore[arg-type]
    )  # fmt: skip


ONE = Edit(Span("a.c", 1, 5, 1, 8), "1")
TWO = Edit(Span("a.c", 2, 5, 2, 8), "2")


def test_edits_land_on_code_points_and_keep_line_ends() -> None:
    made = apply_fixes([finding(ONE, TWO)], text)
    assert made.contents == {"a.c": "é = 1;\r\nbad 2\n".encode()}


def test_only_safe_fixes_of_active_findings_are_applied() -> None:
    made = apply_fixes([finding(ONE, applicability="unsafe"), finding(TWO, disposition="suppressed")], text)
    assert (made.contents, made.fixed) == ({}, [])


def test_fixes_that_overlap_are_left_for_the_next_run() -> None:
    wider = Edit(Span("a.c", 1, 1, 2, 8), "")
    made = apply_fixes([finding(ONE), finding(wider, TWO)], text)
    assert made.contents == {"a.c": "é = 1;\r\nbad two\n".encode()}
    assert (len(made.fixed), len(made.skipped)) == (1, 1)


def test_the_same_edit_asked_twice_is_made_once() -> None:
    made = apply_fixes([finding(ONE), finding(ONE, TWO)], text)
    assert made.contents == {"a.c": "é = 1;\r\nbad 2\n".encode()}
    assert len(made.fixed) == 2


def test_an_insertion_at_a_place() -> None:
    made = apply_fixes([finding(Edit(Span("a.c", 2, 1), "not "))], text)
    assert made.contents["a.c"].endswith(b"not bad two\n")


def test_a_file_that_is_gone_leaves_the_whole_fix() -> None:
    made = apply_fixes([finding(ONE, Edit(Span("gone.c", 1, 1), "x"))], text)
    assert (made.contents, len(made.skipped)) == ({}, 1)
