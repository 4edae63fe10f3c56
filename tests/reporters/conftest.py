"""Which report do all formats print? One with every kind of thing in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bpflint.api import (
    Confidence,
    Coverage,
    Edit,
    Finding,
    Fix,
    Problem,
    Related,
    Report,
    Rule,
    RuleMeta,
    Severity,
    Span,
    Step,
    Text,
)  # fmt: skip
from bpflint.model.verdict import Kernel, Outcome, Verdict

FILES = {
    "src/a.bpf.c": "#include <x.h>\nstruct event {\n\t__u32 pid;\n    __u64 ts; /* é𝄞 */ int z;\n};\n".encode(),
    "user/my prog.py": b"class Event(Structure):\n    _fields_ = []\n",
}


class SizeRule(Rule):
    """Two sides of a pair have different sizes.

    ## What it does
    Compares sizes.

    ## Why is this bad
    Bytes are lost.

    ## Example
        struct a;

    ## Use instead
        struct b;

    ## Known limits
    None known.
    """

    meta = RuleMeta(
        code="BPF101", name="size-mismatch", summary="sizes differ", severity=Severity.ERROR,
        confidence=Confidence.CERTAIN, references=("https://example.org/issue/1",),
    )  # fmt: skip


class OtherRule(Rule):
    """Without the headings."""

    meta = RuleMeta(code="BPF201", name="byte-order-mixed", summary="mixed", severity=Severity.WARNING)


def make_finding(**changes: Any) -> Finding:
    values: dict[str, Any] = {
        "code": "BPF101",
        "name": "size-mismatch",
        "severity": Severity.ERROR,
        "confidence": Confidence.CERTAIN,
        "message": "struct event is 16 bytes, Event [0](1) is 12: 50% lost",
        "span": Span("src/a.bpf.c", 2, 8, 2, 13),
        "subject": "struct event/Event",
        "targets": ("x86_64", "arm64"),
        "related": (Related(Span("user/my prog.py", 1, 7, 1, 12), "user-side", "declared [here](2), 12 bytes"),),
    }
    return Finding(**{**values, **changes})


@pytest.fixture
def findings() -> tuple[Finding, ...]:
    fix = Fix("add padding", "safe", (Edit(Span("src/a.bpf.c", 4, 5, 4, 10), "__u32"),))
    run = Outcome(Kernel("x86_64", "5.10.218"), "confirmed", "read back", "mechanism", "layout", "00 01")
    return (
        make_finding(),
        make_finding(
            code="BPF201", name="byte-order-mixed", severity=Severity.WARNING, span=Span("src/a.bpf.c", 4, 24, 4, 27),
            message="order mixed\nover two lines", subject="f/z", related=(), fixes=(fix,), targets=(),
            flow=(Step(Span("src/a.bpf.c", 3, 2), "read"), Step(Span("src/a.bpf.c", 4, 5), "compared")),
            verdict=Verdict((run,)), table="offset  bpf  user\n     0  pid  pid",
        ),
        make_finding(span=Span("src/a.bpf.c", 3, 2), subject="quiet", disposition="suppressed", reason="known"),
        make_finding(
            code="BPF006", name="unused-suppression", severity=Severity.INFO, span=Span("user/my prog.py", 2, 1),
            message="suppression hides nothing", subject="ignore[BPF101]", related=(),
        ),
    )  # fmt: skip


@pytest.fixture
def make_report(tmp_path: Path) -> Callable[..., Report]:
    def make(found: tuple[Finding, ...] = (), **changes: Any) -> Report:
        values: dict[str, Any] = {
            "version": "0.1.0",
            "root": tmp_path,
            "findings": tuple(sorted(found, key=Finding.sort_key)),
            "problems": (
                Problem("BPF001", "src/b.bpf.c", 3, "expected ';'", "warning"),
                Problem("BPF099", "", 0, "boom"),
            ),
            "coverage": Coverage(
                files={"bpf-c": 1, "python": 4}, programs=12, maps=9, maps_compared=2, pairs={"map_use": 2}, records=7,
                records_opaque={"header not found": 2},
            ),
            "rules": (SizeRule(), OtherRule()),
            "text": lambda path: Text(FILES[path]) if path in FILES else None,
        }  # fmt: skip
        return Report(**{**values, **changes})

    return make


@pytest.fixture
def report(make_report: Callable[..., Report], findings: tuple[Finding, ...]) -> Report:
    return make_report(findings)
