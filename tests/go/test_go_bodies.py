"""What does the quick tree of a Go file leave out? Long bodies and tables, and nothing that declares."""

from __future__ import annotations

import pytest

from bpflint.frontends.go.bodies import kept_ranges
from bpflint.frontends.go.syntax import Source

LONG = "a word that is long enough for eight of it to count as a long body"
ROWS = f'\t{{"{LONG}", "{{", \'}}\'}}, // }}}}\n' * 8
LINES = f'\tprintln("{LONG}")\n' * 8
FIELDS = f"\tField uint64 // {LONG}\n" * 8


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param(f"func f() {{\n{LINES}}}\n", "func f() {}", id="a function"),
        pytest.param(f"func f(a struct {{\n\tb int\n}}) {{\n{LINES}}}\n", "{\n\tb int\n}) {}", id="a spelled-out type"),
        pytest.param(f"func f(a interface{{}}) {{ // {{\n{LINES}}}\n", "func f(a interface{}) {}", id="a comment"),
        pytest.param(f"func f() {{\n{LINES}\t_ = `\n}}\n`\n}}\n", "func f() {}", id="a brace in a raw string"),
        pytest.param(f"var t = []row{{\n{ROWS}}}\n", "var t = []row{}", id="a table with braces in its strings"),
        pytest.param(f"var t = f(row{{\n{ROWS}}})\n", "var t = f(row{})", id="a table handed on"),
        pytest.param(f"var v struct {{\n{FIELDS}}}\n", FIELDS, id="the type of a variable"),
        pytest.param(f"var v = struct {{\n{FIELDS}}}{{}}\n", FIELDS, id="the type of a value"),
    ],
)
def test_long_bodies_are_left_out_and_types_kept(text: str, left: str) -> None:
    data = f"package a\n\n{text}\ntype T struct{{ a int }}\n".encode()
    ranges = kept_ranges(data) or [(0, len(data))]
    assert left in b"".join(data[start:end] for start, end in ranges).decode()
    outline, root = Source("a.go", data).outline, Source("a.go", data).root
    assert not outline.has_error
    assert [item.type for item in outline.children] == [item.type for item in root.children]
