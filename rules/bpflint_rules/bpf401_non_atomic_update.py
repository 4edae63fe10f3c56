"""BPF401: is a value that other CPUs change too updated in several steps?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bpflint.api import Confidence, Context, Finding, Pointer, Related, Rule, RuleMeta, Severity, Unit, show
from bpflint_rules._alone import asks_for_task, mildly, run_alone
from bpflint_rules._atomic_fix import atomic_edit, atomic_fix
from bpflint_rules._claims import race_claim
from bpflint_rules._maps import Maps, maps_of, whose_key
from bpflint_rules._sharing import Touch, atomic_places, by_owner, guarded_places, reads, touches
from bpflint_rules._values import Value, lookups


class NonAtomicUpdate(Rule):
    """A counter or flag in a shared map value or global is changed by a plain read, add and write.

    ## What it does
    Finds `(*v)++`, `v->n += x` and `v->n = v->n + x` where `v` points into a map that is not per-CPU, directly or in an
    inline function that takes `v`; and the same on global variables.

    ## Why is this bad
    The program runs on several CPUs at once. Two of them read the same old number, both add to it, and one addition is
    lost; of a flag word, somebody else's flag.

    ## Example
    ```c
    u64 *packets = bpf_map_lookup_elem(&totals, &protocol);
    if (packets)
        (*packets)++;
    ```

    ## Use instead
    ```c
    if (packets)
        __sync_fetch_and_add(packets, 1);
    ```
    or a per-CPU map, or a `struct bpf_spin_lock` in the value where several fields change together.

    ## Known limits
    Values in maps keyed by the current thread, goroutine or CPU, in local storage, under a BPF spin lock (also the
    caller's) or not yet in a map are silent, and info in folders of tests, test data and benchmarks. Whether two CPUs
    really meet on a key cannot be seen; a counter that may be lossy on purpose is best marked with a suppression that
    says so.
    """

    meta = RuleMeta(
        code="BPF401", name="non-atomic-update", summary="a shared value is changed by a plain read-modify-write",
        severity=Severity.WARNING, references=("https://github.com/iovisor/bcc/pull/2860",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report one update a function and map; further ones are named with it."""
        if unit.side != "bpf":
            return
        maps = maps_of(unit, ctx)
        others = atomic_places(unit, ctx) | guarded_places(unit, ctx)  # BPF402 and BPF406 speak of those
        plain = (item for item in touches(unit, ctx) if item.kind == "change" and item.bare)
        for hits in by_owner(item for item in plain if (item.owner, item.path) not in others):
            function = hits[0].function
            if not run_alone(function, maps) and (hits[0].value is not None or not asks_for_task(function, maps)):
                yield self._report(tuple({item.span: item for item in hits}.values()), unit, ctx)

    def _report(self, hits: Sequence[Touch], unit: Unit, ctx: Context) -> Finding:
        touch = hits[0]
        places = list(dict.fromkeys(show(item.place) for item in hits))
        more = f" (and {len(places) - 1} more)" if len(places) > 1 else ""
        counted = touch.value is None and not any(reads((touch.owner,), unit, ctx))
        text, confidence, near = f"every CPU shares the global `{touch.owner}`", Confidence.MEDIUM, list[Related]()
        if touch.value is not None:
            text, confidence, near = _in_map(touch, touch.value, maps_of(unit, ctx))
        elif counted:
            text += "; no program reads it, so additions are lost and nothing else"
        return self.finding(
            touch.span, f"`{places[0]}`{more} is changed without an atomic operation: {text}",
            subject=f"{touch.function.name}:{touch.owner}", confidence=confidence,
            severity=Severity.INFO if counted else mildly(touch.span),
            related=[*near, *(Related(item.span, "also", f"`{show(item.place)}`") for item in hits[1:6])],
            fixes=atomic_fix([atomic_edit(item.function, item.at) for item in hits]),
            claim=race_claim(touch.map, touch.path, ctx.layouts(unit)),
        )  # fmt: skip


def _in_map(touch: Touch, value: Value, maps: Maps) -> tuple[str, Confidence, list[Related]]:
    """Where the bytes lie, how sure it is that two CPUs meet on a key, and how the pointer came to this place."""
    kind, key = (value.call.map.kind, value.call.map.key) if value.call.map is not None else ("", None)
    near = [Related(value.call.site.span, "lookup", "the value is looked up here")]
    if value.caller is not None:
        near.insert(0, Related(value.caller.span, "call", f"`{touch.function.name}()` is given the value here"))
    sure = Confidence.HIGH if kind.endswith("array") else Confidence.MEDIUM
    if isinstance(key, Pointer) or _is_slot(value, maps):
        sure = Confidence.LOW
    return f"it lies in `{touch.owner}`, a map of type {kind} that every CPU shares", sure, near


def _is_slot(value: Value, maps: Maps) -> bool:
    """Whether the index is what another map keeps for the current thread: it may be that thread's own."""
    key, function = value.call.key, value.call.owner or value.call.site.function
    found = lookups(key, function, maps) if key is not None else None
    return any(whose_key(item.key, function, maps) for item in found or ())
