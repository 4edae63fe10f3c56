"""Which writes to shared memory does the table of touches hold, and what does it know of each?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bpflint.api import Confidence, Context, Job, Project, Settings, Unit
from bpflint.frontends.c import CFrontEnd
from bpflint.testing import scan_sample
from bpflint_rules._alone import asks_for_task, shared_updates
from bpflint_rules._maps import maps_of
from bpflint_rules._sharing import Touch, atomic_places, by_field, by_owner, guarded_places, reads, touches

HEAD = """
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct value { struct bpf_spin_lock lock; __u32 hits; __u64 bytes; struct { __u64 n; } inner; __u64 slots[4]; };
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, __u32);
         __type(value, struct value); } shared SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PERCPU_HASH); __uint(max_entries, 8); __type(key, __u32);
         __type(value, struct value); } own SEC(".maps");
__u64 total;
const volatile __u64 limit;
static __always_inline struct value *find(__u32 *key) { return bpf_map_lookup_elem(&shared, key); }
static __always_inline void bump(struct value *v) { v->bytes += 1; }
"""
BODY = 'SEC("xdp") int prog(struct xdp_md *ctx) { __u32 k = ctx->ingress_ifindex; %s return 0; }'
LOOKUP = "struct value *v = bpf_map_lookup_elem(&shared, &k); if (!v) return 0; "
Touches = Callable[[str], list[Touch]]


@pytest.fixture
def found(tmp_path: Path) -> Touches:
    """Return the touches of a body of `prog` and what it calls."""

    def run(body: str) -> list[Touch]:
        (tmp_path / "p.bpf.c").write_text(HEAD + BODY % body)
        unit = CFrontEnd().load(Job("c", "p.bpf.c", "bpf"), Settings(root=tmp_path)).units[0]
        assert not unit.problems, unit.problems
        return list(touches(unit, Context(Settings(root=tmp_path), Project((unit,)))))

    return run


@pytest.mark.parametrize(
    ("body", "owner", "path", "kind", "atomic"),
    [
        (LOOKUP + "v->hits++;", "shared", "hits", "change", False),
        (LOOKUP + "v->bytes = v->bytes + 2;", "shared", "bytes", "change", False),
        (LOOKUP + "v->inner.n = 7;", "shared", "inner.n", "store", False),
        (LOOKUP + "v->slots[k & 3] |= 1;", "shared", "slots", "change", False),
        (LOOKUP + "__sync_fetch_and_add(&v->bytes, 1);", "shared", "bytes", "change", True),
        ("struct value *v = find(&k); if (v) v->hits = 1;", "shared", "hits", "store", False),
        (LOOKUP + "bump(v);", "shared", "bytes", "change", False),
        ("total += k;", "total", "", "change", False),
        ("__sync_fetch_and_add(&total, 1);", "total", "", "change", True),
    ],
)
def test_a_write_is_told_with_its_owner_and_field(
    found: Touches, body: str, owner: str, path: str, kind: str, atomic: bool
) -> None:
    touch = found(body)[0]
    assert (touch.owner, touch.path, touch.kind, touch.atomic) == (owner, path, kind, atomic)
    assert touch.contended
    assert not touch.locked


@pytest.mark.parametrize(
    "body",
    [
        LOOKUP + "bpf_spin_lock(&v->lock); v->hits++; bpf_spin_unlock(&v->lock);",
        LOOKUP + "bpf_spin_lock(&v->lock); bump(v); bpf_spin_unlock(&v->lock);",
    ],
)
def test_the_lock_counts_also_where_the_caller_holds_it(found: Touches, body: str) -> None:
    assert [touch.locked for touch in found(body)] == [True]


def test_after_the_unlock_nothing_is_locked(found: Touches) -> None:
    body = LOOKUP + "bpf_spin_lock(&v->lock); v->hits++; bpf_spin_unlock(&v->lock); v->hits++;"
    assert [touch.locked for touch in found(body)] == [True, False]


@pytest.mark.parametrize(
    "body",
    [
        "struct value *v = bpf_map_lookup_elem(&own, &k); if (v) v->hits++;",
        "__u32 t = bpf_get_current_pid_tgid(); struct value *v = bpf_map_lookup_elem(&shared, &t); if (v) v->hits++;",
    ],
)
def test_a_value_of_ones_own_cpu_or_thread_is_not_contended(found: Touches, body: str) -> None:
    assert [touch.contended for touch in found(body)] == [False]


@pytest.mark.parametrize(
    "body",
    [
        "struct value fresh = {}; fresh.hits++; bpf_map_update_elem(&shared, &k, &fresh, BPF_NOEXIST);",
        "__u64 n = limit; n++; return n;",
        LOOKUP + "__u64 copy = v->bytes; copy += 2; return copy;",
    ],
)
def test_what_is_not_shared_is_no_touch(found: Touches, body: str) -> None:
    assert found(body) == []


def load(tmp_path: Path, body: str) -> tuple[Unit, Context]:
    (tmp_path / "p.bpf.c").write_text(HEAD + BODY % body)
    unit = CFrontEnd().load(Job("c", "p.bpf.c", "bpf"), Settings(root=tmp_path)).units[0]
    return unit, Context(Settings(root=tmp_path), Project((unit,)))


def test_places_that_are_atomic_or_guarded_somewhere(tmp_path: Path) -> None:
    body = LOOKUP + "__sync_fetch_and_add(&v->bytes, 1); bpf_spin_lock(&v->lock); v->hits++; bpf_spin_unlock(&v->lock);"
    unit, ctx = load(tmp_path, body)
    assert atomic_places(unit, ctx) == {("shared", "bytes")}
    assert guarded_places(unit, ctx) == {("shared", "hits")}


@pytest.mark.parametrize(
    ("body", "owner", "found"),
    [
        (LOOKUP + "return v->hits > 2 && v->inner.n;", "shared", [("hits", False), ("inner", False)]),
        (LOOKUP + "bpf_spin_lock(&v->lock); k = v->hits; bpf_spin_unlock(&v->lock); k = v->bytes;", "shared",
         [("hits", True), ("bytes", False)]),
        (LOOKUP + "v->hits = k; v->bytes += 2; v->inner.n = v->inner.n + 1;", "shared", []),
        (LOOKUP + "bpf_get_current_comm(&v->slots, 16);", "shared", []),
        ("total += k; total = total + 1;", "total", []),
        ("total = bpf_ktime_get_ns();", "total", []),
        ("if (total > 3) k = 1;", "total", [("", False)]),
        ("bpf_probe_read_kernel(&k, 4, &total);", "total", [("", False)]),
        (LOOKUP + "return total + v->hits;", "other", []),
    ],
)  # fmt: skip
def test_a_read_is_what_looks_and_changes_nothing(
    tmp_path: Path, body: str, owner: str, found: list[tuple[str, bool]]
) -> None:
    unit, ctx = load(tmp_path, body)
    assert [(item.path, item.locked) for item in reads((owner,), unit, ctx) if item.path != "lock"] == found


def test_accesses_are_grouped_by_names_in_order_of_place(found: Touches) -> None:
    made = found(LOOKUP + "v->hits++; total++; v->bytes++; v->hits = 3;")
    told = [[(item.owner, item.path, item.kind) for item in group] for group in by_field(made)]
    assert told == [
        [("shared", "bytes", "change")], [("shared", "hits", "change"), ("shared", "hits", "store")],
        [("total", "", "change")],
    ]  # fmt: skip
    assert [[item.path for item in group] for group in by_owner(made)] == [["hits", "bytes", "hits"], [""]]
    assert [item.subject for item in made][:2] == ["prog:shared:hits", "prog:total:"]


def test_bare_is_what_another_cpu_may_come_between(found: Touches) -> None:
    locked = "bpf_spin_lock(&v->lock); v->hits++; bpf_spin_unlock(&v->lock); "
    made = found(LOOKUP + locked + "__sync_fetch_and_add(&v->bytes, 1); v->inner.n++;")
    assert [item.path for item in made if item.bare] == ["inner.n"]


@pytest.mark.parametrize(
    ("body", "asks"),
    [
        ("if (bpf_get_current_pid_tgid() >> 32 == limit) total++;", True),
        ("__u64 id = bpf_get_current_pid_tgid(); if ((__u32)id != limit) return 0; total++;", True),
        ("__u64 id = bpf_get_current_pid_tgid(); total += id;", False),
        ("if (k) total++;", False),
    ],
)
def test_a_body_that_asks_for_its_task_may_serve_one(tmp_path: Path, body: str, asks: bool) -> None:
    unit, ctx = load(tmp_path, body)
    function = next(item for item in unit.functions if item.name == "prog")
    assert asks_for_task(function, maps_of(unit, ctx)) is asks


@pytest.mark.parametrize(
    ("section", "name", "alone"),
    [("iter/task", "p", True), ("iter.s/task", "p", True), ("syscall", "p", True), ("xdp", "p", False),
     ("struct_ops.s/init", "quick_init", True), ("struct_ops/enqueue", "quick_enqueue", False)],
)  # fmt: skip
def test_what_user_space_starts_runs_alone(tmp_path: Path, section: str, name: str, alone: bool) -> None:
    text = 'SEC("%s") int %s(void *ctx) { __u32 k = 0; bpf_map_update_elem(&shared, &k, ctx, 0); return 0; }'
    (tmp_path / "p.bpf.c").write_text(HEAD + text % (section, name))
    unit = CFrontEnd().load(Job("c", "p.bpf.c", "bpf"), Settings(root=tmp_path)).units[0]
    ctx = Context(Settings(root=tmp_path), Project((unit,)))
    assert len(list(shared_updates(unit, ctx))) == (not alone)


def test_a_function_that_a_normal_program_runs_too_does_not_run_alone(tmp_path: Path) -> None:
    text = """static __noinline void put(__u32 k) { bpf_map_update_elem(&shared, &k, &total, 0); }
        SEC("iter/task") int one(void *ctx) { put(1); return 0; }
        SEC("xdp") int two(void *ctx) { put(2); return 0; }"""
    (tmp_path / "p.bpf.c").write_text(HEAD + text)
    unit = CFrontEnd().load(Job("c", "p.bpf.c", "bpf"), Settings(root=tmp_path)).units[0]
    ctx = Context(Settings(root=tmp_path), Project((unit,)))
    assert [call.site.function.name for call in shared_updates(unit, ctx)] == ["put"]


@pytest.mark.parametrize(
    ("key", "sure"), [("bpf_get_current_pid_tgid()", Confidence.LOW), ("ctx->ingress_ifindex", Confidence.HIGH)]
)
def test_an_index_that_a_map_keeps_for_the_thread_may_be_its_own(tmp_path: Path, key: str, sure: Confidence) -> None:
    text = HEAD + """
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 8); __type(key, __u32);
         __type(value, __u64); } sums SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, __u32);
         __type(value, __u32); } places SEC(".maps");
"""
    body = f"""__u32 id = {key}, *place = bpf_map_lookup_elem(&places, &id);
    __u64 *sum = place ? bpf_map_lookup_elem(&sums, place) : 0; if (sum) *sum += 1;"""
    (tmp_path / "bpflint.toml").write_text('select = ["BPF401"]\n')
    (tmp_path / "p.bpf.c").write_text(text + BODY % body)
    assert [item.confidence for item in scan_sample(tmp_path).report.findings] == [sure]
