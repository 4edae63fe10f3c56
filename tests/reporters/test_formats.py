"""Does each format keep the contract of whoever reads it?"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib import resources
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from bpflint.api import Problem, Report, Severity, Span
from bpflint.cli.editor import PATTERN
from bpflint.engine.plugins import load_reporters
from bpflint.reporters._places import byte_column, uri

from .conftest import FILES, make_finding

REPORTERS = load_reporters()


def render(name: str, report: Report) -> str:
    return REPORTERS[name].render(report)


def schema() -> dict[str, Any]:
    text = resources.files("bpflint").joinpath("schema/bpflint-1.schema.json").read_text()
    return json.loads(text)  # type: ignore[no-any-return]


def test_the_formats_of_the_contract_are_there() -> None:
    named = "full concise json json-lines sarif github gitlab junit rdjson gcc openmetrics"
    assert set(REPORTERS) >= set(named.split())


@pytest.mark.parametrize("name", sorted(REPORTERS))
def test_output_ends_with_a_line_end_and_repeats_byte_by_byte(name: str, report: Report) -> None:
    text = render(name, report)
    assert text.endswith("\n")
    assert text == render(name, report)


@pytest.mark.parametrize("name", sorted(REPORTERS))
def test_a_clean_report_prints_in_every_format(name: str, make_report: Callable[..., Report]) -> None:
    render(name, make_report(problems=()))


def test_json_keeps_its_schema(report: Report) -> None:
    jsonschema.Draft202012Validator(schema()).validate(json.loads(render("json", report)))


def test_json_has_no_key_that_the_schema_does_not_name(report: Report) -> None:
    data = json.loads(render("json", report))
    names = schema()
    assert set(data) == set(names["properties"])
    assert all(set(item) == set(names["$defs"]["finding"]["properties"]) for item in data["findings"])
    assert set(data["coverage"]) == set(names["$defs"]["coverage"]["properties"])


def test_json_lines_are_the_same_objects(report: Report) -> None:
    lines = [json.loads(line) for line in render("json-lines", report).splitlines()]
    whole = json.loads(render("json", report))
    assert [line["type"] for line in lines] == ["run"] + ["finding"] * 4 + ["problem"] * 2 + ["coverage"]
    assert [{k: v for k, v in line.items() if k != "type"} for line in lines[1:5]] == whole["findings"]


def test_every_concise_finding_is_matched_by_the_editors_pattern(report: Report) -> None:
    lines = [line for line in render("concise", report).splitlines() if re.match(PATTERN, line)]
    assert len(lines) == 3 + 1
    match = re.match(PATTERN, lines[1])
    assert match is not None
    assert match.groups() == ("src/a.bpf.c", "4", "24", "warning", "order mixed over two lines", "BPF201")


def test_the_closing_line_counts(report: Report) -> None:
    last = [line for line in render("concise", report).splitlines() if "·" in line]
    assert last == [
        "3 findings (1 suppressed, 1 fixable): 1 error, 1 warning, 1 info · "
        "looked at 12 programs, 9 maps, 4 user files (Python 4)"
    ]


def test_quiet_prints_findings_only(make_report: Callable[..., Report]) -> None:
    assert render("concise", make_report((make_finding(),), quiet=True)).count("\n") == 1


def test_full_shows_both_places_with_carets_and_the_table(report: Report) -> None:
    text = render("full", report)
    assert "error[BPF101] struct event is 16 bytes" in text
    assert "  --> src/a.bpf.c:2:8\n 2 | struct event {\n   |        ^^^^^\n" in text
    assert "  ::: user/my prog.py:1:7 user-side: declared [here](2), 12 bytes\n" in text
    assert "     0  pid  pid" in text
    assert "bpflint rule BPF101" in text
    assert "\x1b" not in text


def test_full_puts_carets_under_the_words_behind_tabs_and_wide_characters(report: Report) -> None:
    assert " 4 |     __u64 ts; /* é𝄞 */ int z;\n   |                        ^^^\n" in render("full", report)


def test_full_says_what_was_not_analysed(report: Report) -> None:
    assert "not analysed: 1 file not read, 2 types without a known layout" in render("full", report)


def test_full_colors_only_when_asked(make_report: Callable[..., Report]) -> None:
    assert "\x1b[1;31m" in render("full", make_report((make_finding(),), color=True))


def test_a_source_file_cannot_steer_the_terminal(make_report: Callable[..., Report]) -> None:
    from bpflint.api import Text

    report = make_report((make_finding(related=()),), text=lambda _path: Text(b"\nstr\x1b[2Jct ev\n"))
    assert "\x1b" not in render("full", report)


@pytest.mark.parametrize("name", ["full", "concise", "gcc"])
def test_names_of_objects_and_files_cannot_steer_the_terminal(name: str, make_report: Callable[..., Report]) -> None:
    span = Span("src/\x1b[2Ja.c", 1)
    finding = make_finding(message="map m\x1b]0;x\x07 is\rhere", span=span)
    shown = render(name, make_report((finding,), problems=(Problem("BPF001", "b\x1b.c", 1, "\x1b[1m"),)))
    assert not set(shown) & set("\x1b\x07\r")
    assert "map m·]0;x· is" in shown


def test_statistics_count_by_code(make_report: Callable[..., Report]) -> None:
    two = (make_finding(), make_finding(subject="y", span=Span("src/a.bpf.c", 3)))
    assert "    2  error    BPF101  size-mismatch" in render("full", make_report(two, statistics=True))


def test_github_commands_escape_and_put_errors_first(make_report: Callable[..., Report]) -> None:
    mild = make_finding(severity=Severity.WARNING, span=Span("a,b:c.c", 1), message="100%\nsure", related=())
    lines = render("github", make_report((mild, make_finding()), problems=())).splitlines()
    assert lines[0].startswith("::error file=src/a.bpf.c,line=2,")
    assert lines[1].startswith("::warning file=a%2Cb%3Ac.c,line=1,")
    assert lines[1].endswith("::100%25%0Asure [BPF101]")


def test_github_says_how_many_are_not_shown(make_report: Callable[..., Report]) -> None:
    many = tuple(make_finding(subject=str(n), span=Span("a.c", n + 1)) for n in range(13))
    assert "3 errors not shown" in render("github", make_report(many))


def test_gitlab_fingerprints_are_unique(make_report: Callable[..., Report]) -> None:
    same = (make_finding(), make_finding())
    entries = json.loads(render("gitlab", make_report(same)))
    assert len({entry["fingerprint"] for entry in entries}) == len(entries) == 3
    assert {"description", "check_name", "fingerprint", "severity", "location"} == set(entries[0])


def test_junit_has_a_passing_case_even_when_clean(make_report: Callable[..., Report]) -> None:
    root = ElementTree.fromstring(render("junit", make_report(problems=())))
    assert [case.get("name") for case in root.iter("testcase")] == ["run"]
    assert (root.get("tests"), root.get("failures")) == ("1", "0")


def test_junit_is_well_formed_whatever_a_message_holds(make_report: Callable[..., Report]) -> None:
    odd = make_finding(message='<a & "b">\x00\x1b\ud800')
    root = ElementTree.fromstring(render("junit", make_report((odd,))))
    assert [case.get("message") for case in root.iter("failure")] == ['<a & "b">\ufffd\ufffd\ufffd']


def test_rdjson_counts_utf8_bytes(report: Report) -> None:
    data = json.loads(render("rdjson", report))
    start = data["diagnostics"][1]["location"]["range"]["start"]
    line = FILES["src/a.bpf.c"].splitlines()[3]
    assert line[start["column"] - 1 :].startswith(b"int z")
    assert data["diagnostics"][1]["suggestions"][0]["text"] == "__u32"


def test_gcc_lines_name_both_places(report: Report) -> None:
    lines = render("gcc", report).splitlines()
    assert lines[0].startswith("src/a.bpf.c:2:8: error: struct event is 16 bytes")
    assert lines[1].startswith("user/my prog.py:1:7: note: declared")
    assert lines[3].split(": ")[1] == "note"


def test_openmetrics_ends_as_the_format_demands(report: Report) -> None:
    text = render("openmetrics", report)
    assert text.endswith("# EOF\n")
    assert 'bpflint_findings{code="BPF101",severity="error",disposition="suppressed"} 1\n' in text


def test_byte_columns_pass_over_a_byte_order_mark() -> None:
    from bpflint.api import Text

    assert byte_column(Text(b"\xef\xbb\xbfab"), 1, 2) == 2
    assert byte_column(Text("é=x".encode()), 1, 3) == 4


@pytest.mark.parametrize(
    ("path", "expected"), [("a b.c", "a%20b.c"), ("ü/%.c", "%C3%BC/%25.c"), ("a:b/c", "./a%3Ab/c")]
)
def test_paths_become_relative_uris(path: str, expected: str) -> None:
    assert uri(path) == expected
