"""Which members does the engine take for tags? Small programs, one question each."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpflint.analysis.tags import asked_first, set_apart, tags_in
from bpflint.api import Function, Job, Settings, calls
from bpflint.frontends.c.unit import load_unit

HEAD = """#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct event { __u32 kind; __u32 pid; __u32 size; char name[8]; };
"""


def functions(folder: Path, text: str) -> tuple[Function, ...]:
    (folder / "p.bpf.c").write_text(HEAD + text)
    (unit,) = load_unit(Job("c", "p.bpf.c", "bpf", files=("p.bpf.c",)), Settings(root=folder)).units
    assert not unit.problems
    return unit.functions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("void f(struct event *e) { e->kind = 1; } void g(struct event *e) { e->kind = 2; }", {"kind"}),
        ("void f(struct event *e, int a) { e->kind = a ? 1 : 2; }", {"kind"}),
        ("static void set(struct event *e, int k) { e->kind = k; } void f(struct event *e) { set(e, 1); set(e, 2); }",
         {"kind"}),
        ("void f(struct event *e) { *e = (struct event){ .kind = 1 }; } void g(struct event *e) { e->kind = 2; }",
         {"kind"}),
        ("void f(struct event *e, struct event *o) { e->kind = 1; } void g(struct event *e, struct event *o) "
         "{ e->kind = 2; e->kind = o->kind; }", {"kind"}),
        ("void f(struct event *e) { e->kind = 1; } void g(struct event *e) { e->kind = 1; }", set()),
        ("void f(struct event *e) { e->kind = 1; } void g(struct event *e, int k) { e->kind = k; }", set()),
        ("void f(struct event *e) { e->kind = 1; e->kind = 2; bpf_probe_read_kernel(&e->kind, 4, e); }", set()),
        ("void f(struct event *e) { e->kind = 1; e->kind = 2; e->kind++; }", set()),
        ("void f(struct event *e) { e->kind = 1; e->kind = bpf_get_prandom_u32(); e->kind = 2; }", set()),
    ],
)  # fmt: skip
def test_a_member_that_is_set_to_constants_only_is_a_tag(tmp_path: Path, text: str, expected: set[str]) -> None:
    assert tags_in(functions(tmp_path, text)).of("event") == expected


def test_a_member_that_a_helper_fills_is_stored_to(tmp_path: Path) -> None:
    found = tags_in(functions(tmp_path, "void f(struct event *e) { bpf_get_current_comm(e->name, 8); e->pid = 1; }"))
    assert [found.stores("event", name) for name in ("name", "pid", "size")] == [True, True, False]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if (e->kind == 1) e->size = 3;", True),
        ("if (e->kind == 1) bpf_probe_read_kernel(&e->size, 4, e);", True),
        ("if (e->kind != 1) return; e->size = 3;", True),
        ("if (e->kind == 1) { if (!a) return; e->size = 3; }", True),
        ("if (e->kind == 1) { if (a) e->size = 3; }", False),
        ("if (e->kind & 4) e->size = 3;", True),
        ("if (a < e->kind) e->size = 3;", False),
        ("if (a) e->size = 3;", False),
        ("if (e->size) e->size = 3;", False),
        ("if (e->kind) e->pid = 1; e->size = 3;", False),
        ("if (e->kind) e->size = 1; if (a) e->size = 3;", False),
        ("if (o->kind) e->size = 3;", False),
    ],
)
def test_a_store_behind_a_test_of_another_member_is_asked_first(tmp_path: Path, body: str, expected: bool) -> None:
    text = f"void f(struct event *e, struct event *o, int a) {{ {body} bpf_ringbuf_submit(e, 0); }}"
    found = functions(tmp_path, text)[-1]
    sent = next(call for call, _ in calls(found) if call.callee == "bpf_ringbuf_submit")
    assert asked_first(found, found.params[0].decl, "size", sent) is expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if (a) { e->kind = 1; e->pid = 1; } else { e->kind = 2; }", True),
        ("e->kind = 1; if (a) { e->kind = 2; bpf_probe_read_kernel(&e->pid, 4, e); }", True),
        ("if (a) e->kind = 1; else e->kind = 2; if (a) e->pid = 1;", False),
        ("e->kind = 1; if (a) e->pid = 1;", False),
    ],
)
def test_what_is_stored_beside_a_kind_belongs_to_it(tmp_path: Path, body: str, expected: bool) -> None:
    found = functions(tmp_path, f"void f(struct event *e, int a) {{ {body} }}")[-1]
    assert set_apart(found, found.params[0].decl, "pid", "kind") is expected


def test_a_copy_is_as_good_as_what_it_is_of(tmp_path: Path) -> None:
    text = """struct other { __u32 kind; };
    void f(struct event *e) { e->kind = 1; e->kind = 2; }
    void g(struct event *e, struct other *o) { e->kind = o->kind; }
    """
    assert tags_in(functions(tmp_path, text)).of("event") == set()
    text += "void h(struct other *o) { o->kind = 1; }"
    assert tags_in(functions(tmp_path, text)).of("event") == {"kind"}
