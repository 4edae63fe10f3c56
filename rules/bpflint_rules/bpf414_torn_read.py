"""BPF414: are values that belong together read while somebody may be changing them?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bpflint.api import (
    CallExpr,
    Confidence,
    Context,
    Finding,
    Rule,
    RuleMeta,
    Select,
    Severity,
    Unit,
    calls,
    strip,
    walk,
)  # fmt: skip
from bpflint_rules._sharing import by_owner, guarded_places, reads

_SEQUENCE = re.compile(r"(?:^|_)(?:seq|seqno|sequence|generation|gen|epoch|version)$")


class TornRead(Rule):
    """Fields that change together are read one after the other, without lock or ordering.

    ## What it does
    In BPF programs: finds functions that read two or more fields of a map value without its `bpf_spin_lock`, where
    other code writes these fields under it. In Rust: finds `ptr::read_volatile` of a global of the BPF program that is
    named like a sequence or generation.

    ## Why is this bad
    The reader may see the new value of one field and the old one of the other. A volatile read of a sequence does not
    keep the reads behind it from being done before it (arm64), so the data may be older than the sequence says.

    ## Example
    ```c
    return bucket->tokens > 0 && bucket->refilled > start;
    ```

    ## Use instead
    ```c
    bpf_spin_lock(&bucket->lock);
    tokens = bucket->tokens;
    refilled = bucket->refilled;
    bpf_spin_unlock(&bucket->lock);
    ```
    In Rust, load the sequence through `AtomicU32` with `Ordering::Acquire`.

    ## Known limits
    That fields belong together is concluded from the lock alone; that a global is a sequence, from its name.
    """

    meta = RuleMeta(
        code="BPF414", name="torn-read", summary="fields that change together are read without lock or ordering",
        severity=Severity.WARNING, confidence=Confidence.MEDIUM, cross_file=True,
        references=("https://docs.kernel.org/bpf/map_hash.html#concurrency",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report unlocked reads of BPF programs and unordered reads of Rust."""
        if unit.side == "bpf" and unit.language == "c":
            yield from self._fields(unit, ctx)
        elif unit.side == "user" and unit.language == "rust":
            yield from self._sequences(unit, ctx)

    def _fields(self, unit: Unit, ctx: Context) -> Iterator[Finding]:
        guarded = guarded_places(unit, ctx)
        found = reads({owner for owner, _ in guarded}, unit, ctx)
        for group in by_owner(item for item in found if item.bare and (item.owner, item.path) in guarded):
            first = {item.path: item for item in reversed(group)}
            places = sorted(first.values(), key=lambda item: item.span)
            if len(places) > 1:
                owner, shown = places[0].owner, ", ".join(f"`{item.path}`" for item in places)
                yield self.finding(
                    places[0].span, f"{shown} of `{owner}` are read here without the lock under which they are "
                    "written: they may not belong together", subject=f"{places[0].function.name}:{owner}",
                )  # fmt: skip

    def _sequences(self, unit: Unit, ctx: Context) -> Iterator[Finding]:
        for function in unit.functions:
            for call, op in calls(function):
                place = _global_read(call)
                if place is None or not _is_global(place.field, ctx):
                    continue
                yield self.finding(
                    op.span, f"`{place.field}` is read without acquire: reads behind it may be done before it; load it "
                    "through an atomic with Ordering::Acquire", subject=f"{function.name}:{place.field}",
                )  # fmt: skip


def _global_read(call: CallExpr) -> Select | None:
    """The member of a skeleton's globals that a volatile read takes."""
    if not call.callee.endswith("read_volatile") or not call.args:
        return None
    places = [item for item in walk(strip(call.args[0])) if isinstance(item, Select)]
    return places[0] if places and _SEQUENCE.search(places[0].field) else None


def _is_global(name: str, ctx: Context) -> bool:
    return any(
        item.name == name and item.style == "global" and item.kind.startswith((".bss", ".data"))
        for unit in ctx.project.bpf_units() for item in unit.maps
    )  # fmt: skip
