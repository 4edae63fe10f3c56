"""Does a run report what it saw, say what it did not see, and end with the right code?"""

from __future__ import annotations

import pytest

from bpflint.api import Severity
from bpflint.engine.run import Result

from .conftest import Scan, Write


def told(result: Result) -> list[str]:
    return [f"{item.span.path}:{item.span.line} {item.code}" for item in result.report.findings]


def problems(result: Result) -> list[str]:
    return [f"{item.path}:{item.line} {item.code} {item.severity} {item.message}" for item in result.report.problems]


def test_a_bad_thing_is_found_and_raises_one(write: Write, scan: Scan) -> None:
    write("a.toy", "program p\nbad x\n")
    result = scan()
    assert told(result) == ["a.toy:2 TOY101"]
    assert result.exit_code == 1


def test_a_clean_project_is_zero(write: Write, scan: Scan) -> None:
    write("a.toy", "program p\nmap m\n")
    result = scan()
    assert (result.exit_code, told(result), problems(result)) == (0, [], [])


@pytest.mark.parametrize(
    ("severity", "fail_on", "code"),
    [
        ("error", Severity.ERROR, 1),
        ("warning", Severity.ERROR, 0),
        ("warning", Severity.WARNING, 1),
        ("info", Severity.WARNING, 0),
        ("info", Severity.INFO, 1),
    ],
)
def test_fail_on_decides_which_findings_raise_one(
    write: Write, scan: Scan, severity: str, fail_on: Severity, code: int
) -> None:
    write("a.toy", f"bad x {severity}\n")
    assert scan(fail_on=fail_on).exit_code == code


def test_no_input_is_two_unless_allowed(scan: Scan) -> None:
    assert scan().exit_code == 2
    assert scan(allow_empty=True).exit_code == 0


def test_a_missing_path_is_two_and_the_rest_is_still_reported(write: Write, scan: Scan) -> None:
    write("a.toy", "bad x\n")
    result = scan("a.toy", "gone.toy")
    assert result.exit_code == 2
    assert told(result) == ["a.toy:1 TOY101"]
    assert problems(result) == ["gone.toy:0 BPF001 error no such file or folder"]


def test_a_rule_that_crashes_is_named_and_the_run_ends_with_three(write: Write, scan: Scan) -> None:
    write("a.toy", "boom now\nbad x\n")
    write("b.toy", "boom later\n")
    result = scan()
    assert result.exit_code == 3
    assert told(result) == ["a.toy:2 TOY101", "b.toy:1 TOY401"]
    assert problems(result)[0].startswith("a.toy:0 BPF099 error rule TOY401 (toy-boom) crashed: ValueError: no such")


def test_a_parser_that_crashes_costs_one_file(write: Write, scan: Scan) -> None:
    write("a.toy", "crash\n")
    write("b.toy", "bad x\n")
    result = scan(jobs=2)
    assert told(result) == ["b.toy:1 TOY101"]
    assert problems(result) == ["a.toy:0 BPF001 warning its parser crashed (signal SIGKILL); the file was left out"]
    assert result.exit_code == 1


def test_a_parser_that_hangs_is_given_up(write: Write, scan: Scan) -> None:
    write("a.toy", "hang\n")
    write("b.toy", "bad x\n")
    result = scan(file_timeout=1)
    assert told(result) == ["b.toy:1 TOY101"]
    assert "gave no result within 1 s" in problems(result)[0]


def test_a_front_end_that_raises_is_our_bug(write: Write, scan: Scan) -> None:
    write("a.toy", "raise key\n")
    result = scan()
    assert result.exit_code == 3
    assert "the toy front end crashed: KeyError" in problems(result)[0]


def test_a_front_end_error_keeps_its_line(write: Write, scan: Scan) -> None:
    write("a.toy", "\nrefuse not a program\n")
    assert problems(scan()) == ["a.toy:2 BPF001 warning not a program"]


def test_follow_up_jobs_are_read(write: Write, scan: Scan) -> None:
    write("a.toy", "embed bad inner;embed bad innermost\n")
    assert told(scan()) == ["a.toy:1 TOY101", "a.toy:1 TOY101"]


def test_the_order_of_findings_does_not_depend_on_the_workers(write: Write, scan: Scan) -> None:
    for number in range(12):
        write(f"f{number}.toy", f"bad x{number}\nembed bad y;bad z\n")
    assert told(scan(jobs=1)) == told(scan(jobs=4))


def test_targets_of_one_fault_are_merged_and_equal_subjects_numbered(write: Write, scan: Scan) -> None:
    write("a.toy", "bad x\nbad x\n")
    first, second = scan().report.findings
    assert first.targets == ("x86_64", "arm64")
    assert (first.ordinal, second.ordinal) == (0, 1)
    assert first.fingerprint != second.fingerprint


def test_inserting_lines_leaves_fingerprints_alone(write: Write, scan: Scan) -> None:
    write("a.toy", "bad x\nbad x\nbad y\n")
    before = [item.fingerprint for item in scan().report.findings]
    write("a.toy", "\n\nrecord r\nbad x\n\nbad x\n   bad y\n")
    assert [item.fingerprint for item in scan().report.findings] == before


def test_paths_decide_what_is_reported_and_the_project_what_is_read(write: Write, scan: Scan) -> None:
    write("one/a.toy", "bad x\n")
    write("two/b.toy", "bad y\n")
    result = scan("one")
    assert told(result) == ["one/a.toy:1 TOY101"]
    assert {unit.path for unit in result.project.units} == {"one/a.toy", "two/b.toy"}


def test_only_forbids_reading_elsewhere(write: Write, scan: Scan) -> None:
    write("one/a.toy", "bad x\n")
    write("two/b.toy", "bad y\n")
    assert {unit.path for unit in scan("one", only=True).project.units} == {"one/a.toy"}


def test_a_finding_belongs_to_its_related_places_too(write: Write, scan: Scan) -> None:
    write("one/a.toy", "bad x near=two/b.toy:1\n")
    write("two/b.toy", "record r\n")
    assert told(scan("two")) == ["one/a.toy:1 TOY101"]


def test_problems_of_the_run_do_not_raise_one(write: Write, scan: Scan) -> None:
    write("a.toy", "problem a header was not seen\n")
    result = scan(fail_on=Severity.INFO)
    assert result.exit_code == 0
    assert problems(result) == ["a.toy:1 BPF002 warning a header was not seen"]


def test_what_was_read_in_part_elsewhere_is_told_by_its_number(write: Write, scan: Scan) -> None:
    write("one/a.toy", "program p\nmap m\nproblem a header was not seen\n")
    write("two/b.toy", "user\nproblem another was not seen\n")
    result = scan("one")
    assert problems(result) == ["one/a.toy:3 BPF002 warning a header was not seen"]
    told_of = "1 file of the project outside of one could be read in part only; bpflint scan lists them"
    assert told_of in result.report.notes
    assert not any("in part" in note for note in scan().report.notes)


def test_coverage_counts_each_thing_once(write: Write, scan: Scan) -> None:
    write("a.toy", "program p\nmap m\nrecord r\n")
    write("b.toy", "user\nrecord r\n")
    coverage = scan().report.coverage
    assert (dict(coverage.files), coverage.programs, coverage.maps, coverage.records) == (
        {"bpf-c": 1, "python": 1},
        1,
        1,
        2,
    )


def test_what_was_expected_and_not_found_is_said(write: Write, scan: Scan) -> None:
    write("a.toy", "user\nrecord r\n")
    assert scan().report.notes == ("no BPF programs found under .",)


def test_a_named_path_that_gives_nothing_is_two_although_the_project_has_more(write: Write, scan: Scan) -> None:
    write("a.toy", "bad x\n")
    write("empty/readme.txt", "")
    result = scan("empty")
    assert (result.exit_code, told(result)) == (2, [])
    assert result.report.notes[0].startswith("nothing to look at under empty")


def test_a_header_counts_as_looked_at_by_the_file_that_includes_it(write: Write, scan: Scan) -> None:
    write("a.toy", "program p\ninclude b.h\n")
    write("b.h", "")
    assert scan("b.h").exit_code == 0
