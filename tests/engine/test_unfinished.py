"""Does a run say which functions it could not follow path by path?"""

from __future__ import annotations

from pathlib import Path

from bpflint.api import Context, Job, Project, Settings
from bpflint.engine.unfinished import unfinished_problems
from bpflint.frontends.c.unit import load_unit

HEAD = """#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct {
	__uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1); __type(key, int); __type(value, int);
} m SEC(".maps");
"""
PROGRAM = 'SEC("tc") int %s(struct __sk_buff *s)\n{\n\tint k = 0;\n%s\treturn bpf_map_lookup_elem(&m, &k) != 0;\n}\n'
LONG = "".join(f"\tif (s->len & {number})\n\t\tk += {number};\n" for number in range(200))


def notices(folder: Path, **bodies: str) -> list[str]:
    (folder / "p.bpf.c").write_text(HEAD + "".join(PROGRAM % item for item in bodies.items()))
    settings = Settings(root=folder)
    unit = load_unit(Job("c", "p.bpf.c", "bpf", files=("p.bpf.c",)), settings).units[0]
    ctx = Context(settings, Project((unit,), ()))
    ctx.reaches(unit)
    return [f"{item.path}:{item.line} {item.severity} {item.message.partition(' to be')[0]}"
            for item in unfinished_problems((item.name, item.span) for item in ctx.unfinished())]  # fmt: skip


def test_nothing_is_said_of_what_was_followed(tmp_path: Path) -> None:
    assert notices(tmp_path, short="\tk = 1;\n") == []


def test_a_file_has_one_notice_at_its_first_function(tmp_path: Path) -> None:
    assert notices(tmp_path, short="", heavy=LONG) == [
        "p.bpf.c:11 info `heavy()` has too many paths, or calls too deep,"
    ]
    assert notices(tmp_path, a=LONG, b=LONG, c=LONG, d=LONG, e=LONG) == [
        "p.bpf.c:6 info `a()`, `b()`, `c()` and 2 more have too many paths, or calls too deep,"
    ]
