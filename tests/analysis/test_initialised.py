"""Which bytes does the engine call written? Small bodies, one question each, no kernel asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpflint.analysis.initialised import Reach, Reaches, all_reaches
from bpflint.api import Job, Layouts, Settings, abi, facts, pieces
from bpflint.frontends.c.unit import load_unit

HEAD = """#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
typedef __u8 u8; typedef __u16 u16; typedef __u32 u32; typedef __u64 u64;
struct key { u32 a; u8 b; u64 c; union { u32 v4; u32 v6[4]; } d; u32 e[2]; };
struct {
	__uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1); __type(key, struct key); __type(value, u32);
} m SEC(".maps");
static __always_inline int some(struct key *p, u32 c)
{
	if (!c)
		return -1;
	__builtin_memset(p, 0, sizeof(*p));
	return 0;
}
static __always_inline void text(char to[4], u32 c)
{
	if (c)
		__builtin_memset(to, 1, 3);
	else
		__builtin_memset(to, 2, 4);
}
static __always_inline struct key *made(void)
{
	struct key *r = bpf_ringbuf_reserve(&m, sizeof(*r), 0);
	if (r)
		r->c = 1;
	return r;
}
static __always_inline void whole(void *p, u32 size) { __builtin_memset(p, 0, size); }
void outside(struct key *p);
SEC("tc") int f(struct __sk_buff *s)
{
	%s
	return bpf_map_lookup_elem(&m, &k) != 0;
}
"""


def reaches_of(folder: Path, body: str) -> Reaches:
    (folder / "p.bpf.c").write_text(HEAD % body)
    unit = load_unit(Job("c", "p.bpf.c", "bpf", files=("p.bpf.c",)), Settings(root=folder)).units[0]
    assert not unit.problems
    return all_reaches(unit.functions, unit.maps, facts.memory_calls(), abi("bpfel"))


def reach_of(folder: Path, body: str) -> Reach:
    return next(item for item in reaches_of(folder, body).found if item.object.name.name == "k")


def shown(bits: int) -> str:
    """Whole bytes of a mask as runs: `5-7,32`."""
    runs: list[list[int]] = []
    for byte in range(bits.bit_length() // 8 + 1):
        if bits >> byte * 8 & 0xFF:
            if runs and runs[-1][1] == byte - 1:
                runs[-1][1] = byte
            else:
                runs.append([byte, byte])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


@pytest.mark.parametrize(
    ("body", "never", "sometimes", "certain"),
    [
        pytest.param("struct key k;", "0-39", "0-39", "", id="nothing"),
        pytest.param("struct key k = {};", "", "", "0-39", id="an empty list clears padding too"),
        pytest.param("struct key k = { 0 };", "", "", "0-39", id="a list of zeros as well"),
        pytest.param("struct key k; k.b = 1;", "0-3,5-39", "0-3,5-39", "4", id="one field"),
        pytest.param("struct key k; *(u64 *)&k.a = 1;", "8-39", "8-39", "0-7", id="a cast writes what it is wide"),
        pytest.param("struct key k; for (u32 i = 0; i < 2; i++) k.e[i] = i;", "0-31", "0-31", "32-39", id="a loop"),
        pytest.param("struct key k; for (u32 i = 0; i < s->len; i++) k.e[i & 1] = i;", "0-31", "0-39", "",
                     id="a loop whose bound is not known may not run at all"),
        pytest.param("struct key k; if (s->len) __builtin_memset(&k, 0, sizeof(k));", "", "0-39", "", id="a branch"),
        pytest.param("struct key k; if (s->len) __builtin_memset(&k, 0, sizeof(k)); if (!s->len) return 0;",
                     "", "", "0-39", id="two tests of one value agree"),
        pytest.param("struct key k; if (some(&k, s->len) < 0) return 0;", "", "", "0-39", id="results tell ends apart"),
        pytest.param("struct key k; some(&k, s->len);", "", "0-39", "", id="an end that does not write"),
        pytest.param("struct key k; whole(&k, sizeof(k));", "", "", "0-39", id="constant arguments are followed"),
        pytest.param("struct key k; text((char *)&k.a, s->len);", "4-39", "3-39", "0-2",
                     id="an array parameter points"),
        pytest.param("struct key *k = made(); if (!k) return 0; k->a = 1; bpf_ringbuf_submit(k, 0);",
                     "4-7,16-39", "4-7,16-39", "0-3,8-15", id="what is returned is filled already"),
        pytest.param("struct key k; u32 n = 0; bpf_skb_load_bytes(s, 0, &n, 1); if (n == 6) k.a = 1;",
                     "4-39", "0-39", "", id="a number is forgotten where a helper writes it"),
        pytest.param("struct key k; outside(&k);", "", "", "", id="what is not seen may have written"),
        pytest.param("struct key k, t = {}; k = t;", "", "", "0-39", id="a copy brings what its source has"),
        pytest.param("struct key k, t; t.a = 1; k = t;", "4-39", "4-39", "0-3", id="and no more"),
        pytest.param("u32 n; struct key k = { .a = n, .b = 1, .c = 2, .d.v4 = 3, .e = { 4, 5 } }; u32 *q = &n;",
                     "0-3,5-7,20-31", "0-3,5-7,20-31", "4,8-19,32-39", id="a value that is not set sets nothing"),
        pytest.param("struct key k; bpf_skb_load_bytes(s, 0, &k, sizeof(k));", "", "", "0-39", id="a helper writes"),
        pytest.param("struct key k; asm volatile(\"\" : \"=m\"(k));", "", "", "", id="assembly may write"),
    ],
)  # fmt: skip
def test_bytes(tmp_path: Path, body: str, never: str, sometimes: str, certain: str) -> None:
    reach = reach_of(tmp_path, body)
    assert (shown(reach.never), shown(reach.sometimes), shown(reach.certain)) == (never, sometimes, certain)


def test_what_a_list_leaves_open_is_told_from_what_nobody_wrote(tmp_path: Path) -> None:
    reach = reach_of(tmp_path, "struct key k = { .a = s->len, .b = 1, .c = s->len, .d.v4 = s->len, .e = { 4, 5 } };")
    assert (shown(reach.sometimes), shown(reach.loose)) == ("5-7,20-31", "5-7")


def test_the_pieces_are_called_by_their_fields(tmp_path: Path) -> None:
    reach = reach_of(tmp_path, "struct key k; k.a = 1; k.c = 2; k.d.v4 = 3; k.e[0] = 4;")
    found = [str(item) for item in pieces(reach.object.type, reach.sometimes, Layouts(abi("bpfel")))]
    assert found == [
        "byte 4 (`b`)", "bytes 5..7 (hole after `b`)", "bytes 20..31 (part of `d`)", "bytes 36..39 (part of `e`)",
    ]  # fmt: skip


@pytest.mark.parametrize(("count", "certain"), [(3, "0-2"), (16, "0-15"), (35, "0-34"), (200, "0-39")])
def test_what_a_loop_of_any_length_fills_is_not_missing(tmp_path: Path, count: int, certain: str) -> None:
    body = f"struct {{ u8 a[{count}]; u8 b; }} k; for (int i = 0; i < {count}; i++) k.a[i] = s->len;"
    reach = reach_of(tmp_path, body)
    assert (shown(reach.certain), shown(reach.sometimes)) == (certain, str(count) if count < 40 else "")


def test_the_tail_of_a_union_in_a_list_of_constants_is_left_to_the_compiler(tmp_path: Path) -> None:
    reach = reach_of(tmp_path, "struct key k = { .a = 1, .b = 1, .c = 2, .d.v4 = 3, .e = { 4, 5 } };")
    assert (shown(reach.sometimes), shown(reach.loose)) == ("5-7,20-31", "5-7,20-31")


def test_a_body_with_too_many_paths_is_named(tmp_path: Path) -> None:
    few = reaches_of(tmp_path, "struct key k = {}; if (s->len) k.a = 1;")
    tests = "".join(f"if (s->len & {n}) k.a += {n};" for n in range(200))
    again = reaches_of(tmp_path, f"struct key k = {{}}; {tests} {tests}")
    assert not few.unfinished
    assert [item.name for item in again.unfinished] == ["f"]


def test_what_nothing_asks_again_tells_no_paths_apart(tmp_path: Path) -> None:
    tests = "".join(f"if (s->len & {n}) k.a += {n};" for n in range(200))
    assert not reaches_of(tmp_path, f"struct key k = {{}}; {tests}").unfinished
