"""Which findings does a comment silence, and is a comment that silences nothing told?"""

from __future__ import annotations

import pytest

from bpflint.engine.comments import directives_of, may_have_directives
from bpflint.engine.plugins import Plugins
from bpflint.engine.run import Result
from bpflint.model.directives import parse

from .conftest import PLUGINS, Scan, Write


def states(result: Result) -> list[str]:
    return [f"{item.span.line} {item.code} {item.disposition}" for item in result.report.findings]


@pytest.mark.parametrize(
    "text",
    [
        "bad x // bpflint: ignore[TOY101] known",
        "// bpflint: ignore[TOY101] known\nbad x",
        "// bpflint: ignore[toy-bad] known\nbad x",
        "// bpflint: ignore[TOY1] known\nbad x",
        "// bpflint: ignore[TOY101, TOY301] known\nbad x",
        "// bpflint: ignore known\nbad x",
        "// bpflint: ignore[TOY101] known\n// more about it\nbad x",
        "/* bpflint: ignore[TOY101] known\n   in two lines */\nbad x",
        "record r\nbad x\n// bpflint: ignore-file[TOY101] known",
        "// bpflint: ignore-file known\nbad x",
        "// bpflint: disable=toy-bad\nbad x",
    ],
)
def test_a_comment_silences(write: Write, scan: Scan, text: str) -> None:
    write("a.toy", text + "\n")
    result = scan(ignore=("BPF006",))
    assert [item.disposition for item in result.report.findings] == ["suppressed"]
    assert result.exit_code == 0
    if "known" in text:
        assert result.report.findings[0].reason.startswith("known")


@pytest.mark.parametrize(
    "text",
    [
        "// bpflint: ignore[TOY301] other\nbad x",
        "// bpflint: ignore[TOY101] too far\nrecord r\nbad x",
        "record r // bpflint: ignore[TOY101] behind other code\nbad x",
        '"bpflint: ignore[TOY101] a string"\nbad x',
        "// bpflint: disable=probe-read\nbad x",
    ],
)
def test_a_comment_does_not_silence(write: Write, scan: Scan, text: str) -> None:
    write("a.toy", text + "\n")
    assert [item.disposition for item in scan(ignore=("BPF0",)).report.findings] == ["active"]


def test_a_comment_at_a_related_place_silences(write: Write, scan: Scan) -> None:
    write("a.toy", "bad x near=b.toy:2\n")
    write("b.toy", "user\nrecord r // bpflint: ignore[TOY101] agreed\n")
    assert states(scan()) == ["1 TOY101 suppressed"]


def test_noqa_in_python() -> None:
    (noqa,) = directives_of("a.py", b"x = '# noqa: BPF102'  # noqa: E501,BPF101 because\n")
    assert (noqa.kind, noqa.args, noqa.reason, noqa.span.line) == ("noqa", ("E501", "BPF101"), "because", 1)


def test_an_unused_suppression_is_told_as_info(write: Write, scan: Scan) -> None:
    write("a.toy", "record r // bpflint: ignore[TOY101] was fixed\n")
    (finding,) = scan().report.findings
    assert (finding.code, finding.severity.word, finding.span.line) == ("BPF006", "info", 1)
    assert scan().exit_code == 0


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("record r // bpflint: ignore[TOY101] off today\n", {"ignore": ("TOY101",)}),
        ("record r // bpflint: ignore[TOY201] pedantic\n", {}),
        ("record r // bpflint: ignore[TOY301] the other side was not seen\n", {}),
        ("problem broken // bpflint: ignore[TOY101] half read\n", {}),
        ("record r // bpflint: disable=toy-bad\n", {}),
    ],
)
def test_unused_is_not_judged_where_the_rule_did_not_see_everything(
    write: Write, scan: Scan, text: str, options: dict[str, object]
) -> None:
    write("a.toy", text)
    assert states(scan(**options)) == []


def test_a_rule_of_two_sides_is_judged_when_both_were_seen(write: Write, scan: Scan) -> None:
    write("a.toy", "record r // bpflint: ignore[TOY301] gone\n")
    write("b.toy", "user\nrecord r\n")
    assert states(scan()) == ["1 BPF006 active"]


def test_a_suppression_without_a_reason_is_told_to_pedants_only(write: Write, scan: Scan) -> None:
    write("a.toy", "bad x // bpflint: ignore[TOY101]\n")
    assert states(scan()) == ["1 TOY101 suppressed"]
    assert states(scan(persona="pedantic")) == ["1 TOY101 suppressed", "1 BPF007 active"]


def test_an_unknown_rule_in_a_comment_is_a_problem_with_the_nearest(write: Write, scan: Scan) -> None:
    write("a.toy", "bad x // bpflint: ignore[toy-bda] typo\nrecord r // bpflint: disable=nonsense\n")
    result = scan()
    assert [(item.code, item.line) for item in result.report.problems] == [("BPF008", 1)]
    assert "did you mean 'toy-bad'" in result.report.problems[0].message
    assert states(result) == ["1 TOY101 active"]


def test_several_comments_for_one_finding_are_all_used(write: Write, scan: Scan) -> None:
    write("a.toy", "// bpflint: ignore[TOY101] above\nbad x // bpflint: ignore[TOY101] behind\n")
    assert states(scan()) == ["2 TOY101 suppressed"]


def test_without_the_rules_of_a_comment_nothing_is_unused(write: Write, scan: Scan) -> None:
    write("a.toy", "record r // bpflint: ignore[BPF101] of another machine\n")
    assert states(scan(plugins=Plugins(tuple, PLUGINS.frontends))) == []


@pytest.mark.parametrize(
    ("path", "data", "kinds"),
    [
        ("a.c", b'char *s = "// bpflint: ignore"; /* bpflint: ignore */', ["ignore"]),
        ("a.c", b"int x = 'a'; // bpflint: pair=event\n", ["pair"]),
        ("a.c", b"/* never closed bpflint: ignore", ["ignore"]),
        ("a.go", b"s := `// bpflint: ignore`\nr := '\\''  // bpflint: ignore\n", ["ignore"]),
        ("a.rs", b"fn f<'a>(x: &'a str) {} // bpflint: ignore\nlet s = r#\"// bpflint: ignore \"#;", ["ignore"]),
        ("a.py", b'x = """\n# bpflint: ignore\n"""\n# bpflint: ignore\n', ["ignore"]),
        ("a.py", b"# bpflint: ignore\ndef f(:\n    '''\n", ["ignore"]),
        ("a.py", b"\xff\xfe not text # bpflint: ignore\n", []),
        ("a.c", b"\xff\xfe // bpflint: ignore \xff\n", ["ignore"]),
        ("a.c", b"int x;\n", []),
    ],
)
def test_comments_are_told_from_strings(path: str, data: bytes, kinds: list[str]) -> None:
    assert [item.kind for item in directives_of(path, data)] == kinds


def test_a_directive_spans_its_own_words() -> None:
    (item,) = directives_of("a.c", "int é; /* see: bpflint: ignore[BPF101] two\n lines */ x".encode())
    assert (item.span.line, item.span.column, item.span.end_line, item.span.end_column) == (1, 16, 2, 10)


@pytest.mark.parametrize(
    ("comment", "kind", "args", "reason"),
    [
        ("// bpflint: ignore[BPF101] padding is zeroed", "ignore", ("BPF101",), "padding is zeroed"),
        ("/* bpflint:ignore[BPF101,size-mismatch]: why */", "ignore", ("BPF101", "size-mismatch"), "why"),
        ("# bpflint: ignore-file", "ignore-file", (), ""),
        ("// bpflint: disable=probe-read, core-read", "disable", ("probe-read", "core-read"), ""),
        ("// bpflint: pair=struct event", "pair", ("struct event",), ""),
        ("# bpflint: pair=event", "pair", ("event",), ""),
        ('// want BPF101 "12 bytes"', "want", ("BPF101", "12 bytes"), ""),
        ('// want BPF108 on=i386 "a \\"b\\""', "want", ("BPF108", 'a "b"', "on=i386"), ""),
        ("// want-next BPF101", "want-next", ("BPF101", ""), ""),
        ("# NOQA: bpf101", "noqa", ("BPF101",), ""),
        ("#\u00a0NoQA: BPF101", "noqa", ("BPF101",), ""),
    ],
)
def test_the_grammar(comment: str, kind: str, args: tuple[str, ...], reason: str) -> None:
    assert [item[1:] for item in parse(comment)] == [(kind, args, reason)]
    assert may_have_directives(comment.encode())


def test_several_wants_on_a_line() -> None:
    found = [item[2] for item in parse('/* want BPF101 "a" BPF102 "b" */ // want BPF103')]
    assert found == [("BPF101", "a"), ("BPF102", "b"), ("BPF103", "")]


@pytest.mark.parametrize("comment", ["// I want BPF to work", "// noqa", "// bpflint", "// bpflint: pair", "// wanted"])
def test_what_is_no_directive(comment: str) -> None:
    assert list(parse(comment)) == []
