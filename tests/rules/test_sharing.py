"""Which writes to shared memory does the table of touches hold, and what does it know of each?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bpflint.api import Context, Job, Project, Settings
from bpflint.frontends.c import CFrontEnd
from bpflint_rules._sharing import Touch, atomic_places, guarded_places, touches

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


def test_places_that_are_atomic_or_guarded_somewhere(tmp_path: Path) -> None:
    body = LOOKUP + "__sync_fetch_and_add(&v->bytes, 1); bpf_spin_lock(&v->lock); v->hits++; bpf_spin_unlock(&v->lock);"
    (tmp_path / "p.bpf.c").write_text(HEAD + BODY % body)
    unit = CFrontEnd().load(Job("c", "p.bpf.c", "bpf"), Settings(root=tmp_path)).units[0]
    ctx = Context(Settings(root=tmp_path), Project((unit,)))
    assert atomic_places(unit, ctx) == {("shared", "bytes")}
    assert guarded_places(unit, ctx) == {("shared", "hits")}
