"""What does C source ask of the kernel's types, and which of it runs whatever the kernel answers?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bpflint.analysis.core_uses import CoreUse, core_uses
from bpflint.api import Job, Settings
from bpflint.frontends.c import CFrontEnd

_HEAD = """
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
enum colour { RED, BLUE };
struct inner { int first; union { int low; long wide; }; int row[4]; } __attribute__((preserve_access_index));
struct outer { struct inner in; struct outer *next; char name[16]; int count; } __attribute__((preserve_access_index));
struct plain { int count; struct outer *out; };
struct outer___old { int state; } __attribute__((preserve_access_index));
const volatile int newer = 0;
extern int LINUX_KERNEL_VERSION __kconfig;
static int sink(const void *p) { return 0; }
static _Bool has_count(void) { return bpf_core_field_exists(((struct outer *)0)->count); }
static _Bool has_old(void) { if (bpf_core_type_exists(struct outer___old)) return 1; return 0; }
"""
Ask = Callable[..., list[CoreUse]]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Return what a body of the program `prog(struct outer *o, struct plain *p, int n)` asks for."""

    def asked(body: str, more: str = "") -> list[CoreUse]:
        program = f'SEC("raw_tp/x") int prog(struct outer *o, struct plain *p, int n)\n{{\n{body}\nreturn 0;\n}}\n'
        (tmp_path / "a.bpf.c").write_text(_HEAD + more + program)
        unit, *_ = CFrontEnd().load(Job("c", "a.bpf.c", "bpf"), Settings(root=tmp_path)).units
        assert not unit.problems
        settings = {item.name for item in unit.maps if item.kind == ".rodata"}
        found = core_uses(unit.functions, {item.name for item in unit.programs}, settings)
        return [item for item in found if not item.function.startswith("has_")]

    return asked


def paths(uses: list[CoreUse]) -> list[str]:
    return [".".join([use.asked.root, *map(str, use.asked.steps)]) for use in uses]


@pytest.mark.parametrize(
    ("expression", "path", "direct"),
    [
        ("n = o->count;", "outer.count", True),
        ("o->count = n;", "outer.count", True),
        ("n = o->in.first;", "outer.in.first", True),
        ("n = o->in.low;", "outer.in.low", True),
        ("n = o->in.row[2];", "outer.in.row.2", True),
        ("n = o->in.row[n];", "outer.in.row", False),
        ("sink(&o->in);", "outer.in", False),
        ("sink(o->name);", "outer.name", False),
        ("n = (*o).count;", "outer.count", True),
        ("n = p->out->count;", "outer.count", True),
        ("n = BPF_CORE_READ(o, count);", "outer.count", False),
        ("n = BPF_CORE_READ(p, out, count);", "plain.out outer.count", False),
        ("n = BPF_CORE_READ(o, next, next, in.low);", "outer.next outer.in.low", False),
        ("bpf_core_read(&n, sizeof(n), &p->count);", "plain.count", False),
        ("n = bpf_core_field_size(o->count);", "outer.count", False),
        ("n = bpf_core_enum_value(enum colour, BLUE);", "colour.BLUE", False),
    ],
)
def test_what_is_asked_for(ask: Ask, expression: str, path: str, direct: bool) -> None:
    uses = ask(expression)
    assert paths(uses) == path.split()
    assert uses[-1].asked.direct is direct
    assert all(use.programs == ("prog",) for use in uses)


@pytest.mark.parametrize("expression", ["n = p->count;", "n = sizeof(o->count);", "p->out = o;"])
def test_what_is_not_asked_for(ask: Ask, expression: str) -> None:
    assert paths(ask(expression)) == []


@pytest.mark.parametrize(
    "body",
    [
        "if (bpf_core_field_exists(o->count)) n = o->count;",
        "if (!bpf_core_field_exists(o->count)) return 0; n = o->count;",
        "if (bpf_core_type_exists(struct outer___old)) n = 1; else n = o->count;",
        "if (n && bpf_core_field_exists(o->count)) n = o->count;",
        "_Bool has = bpf_core_field_exists(o->count); if (has) n = o->count;",
        "n = bpf_core_field_exists(o->count) ? o->count : 0;",
        "return bpf_core_field_exists(o->count) ? o->count : 0;",
        "return bpf_core_field_exists(o->count) && o->count;",
        "n = bpf_core_field_exists(o->count) && BPF_CORE_READ(o, count) > 2;",
        "_Bool has = bpf_core_field_exists(o->count) && has_old(); if (has) n = o->count;",
        "if (LINUX_KERNEL_VERSION >= 330000) n = o->count;",
        "if (newer) n = o->count;",
        "if (newer == 2) n = o->count;",
        "if (has_count()) n = o->count;",
        "if (!has_old()) n = o->count;",
        "if (bpf_core_enum_value_exists(enum colour, BLUE)) n = o->count;",
        "if (newer) { if (has_old()) return 0; } else if (has_count()) return 0; n = o->count;",
    ],
)
def test_code_behind_a_question_has_no_program(ask: Ask, body: str) -> None:
    (use,) = (item for item in ask(body) if not item.question)
    assert (paths([use]), use.programs) == (["outer.count"], ())


@pytest.mark.parametrize(
    "body",
    [
        "if (n) n = o->count;",
        "if (newer && n != newer) return 0; n = o->count;",
        "if (bpf_core_field_exists(o->count)) n = 1; n = o->count;",
        "n = o->count; if (bpf_core_field_exists(o->count)) n = 1;",
        "if (newer) n = 1; n = o->count;",
    ],
)
def test_code_beside_a_question_runs_on_every_kernel(ask: Ask, body: str) -> None:
    (use,) = (item for item in ask(body) if not item.question)
    assert use.programs == ("prog",)


def test_programs_come_to_what_they_call_and_to_callbacks_but_not_behind_a_question(ask: Ask) -> None:
    more = """
static int inside(struct outer *o) { return o->count; }
static int called(struct outer *o) { return inside(o); }
static int guarded(struct outer *o) { return o->in.first; }
static int unused(struct outer *o) { return o->in.wide; }
static long each(__u32 index, void *ctx) { return ((struct outer *)ctx)->name[0]; }
"""
    body = "n = called(o); bpf_loop(4, each, o, 0); if (newer) n = guarded(o);"
    found = {item.function: item.programs for item in ask(body, more)}
    assert found == {"inside": ("prog",), "each": ("prog",), "guarded": (), "unused": ()}
