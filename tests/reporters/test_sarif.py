"""Does code scanning take our SARIF? Each demand of its documentation is a test."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bpflint.api import Finding, Report, Severity, Span
from bpflint.reporters._line_hash import line_hashes
from bpflint.reporters.sarif import LIMIT, SarifReporter

from .conftest import make_finding


@pytest.fixture
def log(report: Report) -> dict[str, Any]:
    return json.loads(SarifReporter().render(report))  # type: ignore[no-any-return]


@pytest.fixture
def results(log: dict[str, Any]) -> list[dict[str, Any]]:
    return log["runs"][0]["results"]  # type: ignore[no-any-return]


def test_schema_version_and_runs(log: dict[str, Any]) -> None:
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    assert len(log["runs"]) == 1


def test_every_enabled_rule_is_described_in_stable_order(log: dict[str, Any]) -> None:
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["BPF006", "BPF101", "BPF201"]
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["properties"]["precision"] in ("very-high", "high", "medium", "low")
        assert rule["properties"]["problem.severity"] in ("error", "warning", "recommendation")
    assert "## Why is this bad" in rules[1]["help"]["markdown"]
    assert "https://example.org/issue/1" in rules[1]["help"]["markdown"]


def test_every_result_names_a_rule_by_id_and_index(log: dict[str, Any], results: list[dict[str, Any]]) -> None:
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert results
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in results)


def test_every_result_has_a_physical_location(results: list[dict[str, Any]]) -> None:
    for result in results:
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"]
        assert place["region"]["startLine"] >= 1


def test_level_is_always_written_also_where_it_is_warning(results: list[dict[str, Any]]) -> None:
    assert [result["level"] for result in results] == ["error", "warning", "note"]


def test_the_automation_id_ends_with_a_slash(log: dict[str, Any]) -> None:
    assert log["runs"][0]["automationDetails"]["id"].endswith("/")


def test_uris_are_relative_to_the_source_root_and_percent_encoded(log: dict[str, Any]) -> None:
    text = json.dumps(log)
    assert "file:///" not in text
    assert '"uri": "user/my%20prog.py"' in text
    places = [result["locations"][0]["physicalLocation"]["artifactLocation"] for result in log["runs"][0]["results"]]
    assert {place["uriBaseId"] for place in places} == {"%SRCROOT%"}


def test_uris_start_at_the_top_of_the_repository(report: Report, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "agent" / "x").mkdir(parents=True)
    log = json.loads(SarifReporter().render(replace(report, root=tmp_path / "agent" / "x")))
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "agent/x/src/a.bpf.c"


def test_the_other_side_is_a_related_location_linked_in_the_message(results: list[dict[str, Any]]) -> None:
    (related,) = results[0]["relatedLocations"]
    assert related["id"] == 1
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "user/my%20prog.py"
    assert results[0]["message"]["text"].endswith("(see [my prog.py:1](1))")


def test_what_would_read_as_a_link_is_escaped(results: list[dict[str, Any]]) -> None:
    assert "Event \\[0\\](1) is 12" in results[0]["message"]["text"]


def test_paths_become_code_flows(results: list[dict[str, Any]]) -> None:
    steps = results[1]["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [step["location"]["message"]["text"] for step in steps] == ["read", "compared"]


def test_problems_are_notifications_and_never_results(log: dict[str, Any]) -> None:
    notes = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert [note["descriptor"]["id"] for note in notes] == ["BPF001", "BPF099"]
    assert notes[0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 3
    assert "locations" not in notes[1]
    assert all(note["level"] == "warning" for note in notes)


def test_a_clean_run_has_an_empty_list_of_results(make_report: Callable[..., Report]) -> None:
    log = json.loads(SarifReporter().render(make_report()))
    assert log["runs"][0]["results"] == []


def test_what_a_comment_silenced_is_left_out(results: list[dict[str, Any]]) -> None:
    assert "quiet" not in [result["properties"]["subject"] for result in results]


def test_columns_count_code_points(log: dict[str, Any]) -> None:
    run = log["runs"][0]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["results"][1]["locations"][0]["physicalLocation"]["region"]["startColumn"] == 24


def test_fingerprints_hold_our_identity_and_the_line_hash(results: list[dict[str, Any]], report: Report) -> None:
    prints = results[0]["partialFingerprints"]
    assert prints["bpflint/v1"] == report.findings[0].fingerprint
    assert prints["primaryLocationLineHash"].endswith(":1")


def test_at_most_five_thousand_results_gravest_first_and_it_is_said(make_report: Callable[..., Report]) -> None:
    many = tuple(
        make_finding(subject=str(n), span=Span("src/a.bpf.c", n + 1), severity=severity, related=())
        for n, severity in enumerate([Severity.INFO] * 10 + [Severity.ERROR] * LIMIT)
    )
    run = json.loads(SarifReporter().render(make_report(many)))["runs"][0]
    assert len(run["results"]) == LIMIT
    assert {result["level"] for result in run["results"]} == {"error"}
    assert "10 results are left out" in run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"]


def test_two_renderings_are_byte_equal(report: Report) -> None:
    assert SarifReporter().render(report) == SarifReporter().render(report)


def test_the_log_is_valid(report: Report) -> None:
    named = os.environ.get("BPFLINT_SARIF_SCHEMA")
    path = Path(named) if named else None
    if path is None or not path.is_file():
        pytest.skip("BPFLINT_SARIF_SCHEMA names no copy of the OASIS schema, which is not ours to ship")
    schema = json.loads(path.read_text())
    jsonschema.Draft4Validator(schema).validate(json.loads(SarifReporter().render(report)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (
            " a\nb\n  \t\tc\n d",
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
        ),
    ],
)
def test_line_hashes_are_those_of_code_scanning(text: str, expected: list[str]) -> None:
    assert list(line_hashes(text.encode()).values()) == expected


def test_line_ends_do_not_change_a_line_hash() -> None:
    assert line_hashes(b"a\r\nb\rc\n") == line_hashes(b"a\nb\nc\n")


def test_equal_lines_are_counted() -> None:
    hashes = line_hashes(b"x\n" * 300)
    assert hashes[1].rpartition(":")[0] == hashes[2].rpartition(":")[0]
    assert (hashes[1].rpartition(":")[2], hashes[2].rpartition(":")[2]) == ("1", "2")


def test_a_finding_without_its_file_still_has_a_place(make_report: Callable[..., Report]) -> None:
    lost: Finding = make_finding(span=Span("gone.c", 7, 1), related=())
    run = json.loads(SarifReporter().render(make_report((lost,))))["runs"][0]
    assert "primaryLocationLineHash" not in run["results"][0]["partialFingerprints"]
