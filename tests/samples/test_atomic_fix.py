"""Which updates does BPF401 offer to make atomic, and which not?"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bpflint.engine.fixes import apply_fixes
from bpflint.testing import scan_sample

CACHE = Path(os.environ["BPFLINT_CACHE_DIR"])
HEAD = """#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct v { __u64 n; __u32 m; __u8 small; __u64 list[4]; };
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct v);
} values SEC(".maps");
#define INC(x) ((x)++)
#define BUMP(x) x++
SEC("xdp") int f(struct xdp_md *ctx)
{
	__u32 key = 0;
	struct v *v = bpf_map_lookup_elem(&values, &key);
	if (!v)
		return 0;
	__u64 *p = &v->n;
"""
TAIL = "\n\treturn 0;\n}\n"


def fixed(body: str, folder: Path) -> str:
    (folder / "bpflint.toml").write_text('select = ["BPF401"]\n')
    (folder / "p.bpf.c").write_text(f"{HEAD}{body}{TAIL}")
    report = scan_sample(folder, cache_dir=CACHE).report
    assert [item.code for item in report.findings] == ["BPF401"]
    made = apply_fixes(report.findings, report.text).contents.get("p.bpf.c")
    return body if made is None else made.decode().removeprefix(HEAD).removesuffix(TAIL)


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("v->n++;", "__sync_fetch_and_add(&v->n, 1);"),
        ("++v->m;", "__sync_fetch_and_add(&v->m, 1);"),
        ("v->m += 2;", "__sync_fetch_and_add(&v->m, 2);"),
        ("v->list[1]++;", "__sync_fetch_and_add(&v->list[1], 1);"),
        ("(*p)++;", "__sync_fetch_and_add(p, 1);"),
        ("*p += key;", "__sync_fetch_and_add(p, key);"),
    ],
)
def test_a_statement_that_only_adds_is_made_atomic(body: str, after: str, tmp_path: Path) -> None:
    assert fixed(body, tmp_path) == after


@pytest.mark.parametrize(
    "body",
    [
        "if (v->n++ > 5) return 1;",
        "return v->n++;",
        "INC(v->n);",
        "BUMP(v->n);",
        "v->small++;",
        "v->n += ctx->data_end - ctx->data;",
        "v->n += (__u8)key;",
        "v->n -= 1;",
        "v->n = v->n + 1;",
        "v->n++; v->small++;",
    ],
)
def test_anything_else_is_left_as_it_is(body: str, tmp_path: Path) -> None:
    assert fixed(body, tmp_path) == body
