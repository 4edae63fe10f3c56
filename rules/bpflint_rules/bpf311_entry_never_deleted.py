"""BPF311: does anything ever delete what a program inserts for each call it sees?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bpflint.api import Confidence, Context, Finding, Related, Rule, RuleMeta, Severity, Unit
from bpflint_rules._entries import Entries, Step, answers, entries, entries_of
from bpflint_rules._entry_paths import kept

_ITERATES = re.compile(r"^iter(?:\.s)?(?:/|$)")
"""Programs that user space runs when it wants to: what is there then, and no more."""


class EntryNeverDeleted(Rule):
    """A hash takes an entry for each thread or object that enters a function, and nobody ever deletes one.

    ## What it does
    Looks for hash maps into which an entry program (`kprobe`, `fentry`, `sys_enter_…`) inserts under a key made of the
    current thread, process or a kernel pointer, and which the exit program of the same function (`kretprobe`, `fexit`,
    `sys_exit_…`) looks up, where no program deletes and user space never touches the map. Also for any hash that only
    programs use, keyed by the address of a kernel object, and for the one path out of an exit program that keeps an
    entry of a hash which its other paths delete.

    ## Why is this bad
    The map fills: once `max_entries` threads have come by, `bpf_map_update_elem` fails with `E2BIG` and the tool goes
    blind without a word. Until then a reused thread id finds the times or arguments of a dead one.

    ## Example
    ```c
    SEC("kretprobe/vfs_read")
    int leave(struct pt_regs *ctx)
    {
        u64 *started = bpf_map_lookup_elem(&start, &tid);
        if (started)
            record(bpf_ktime_get_ns() - *started);
        return 0;
    }
    ```

    ## Use instead
    ```c
        if (started) {
            record(bpf_ktime_get_ns() - *started);
            bpf_map_delete_elem(&start, &tid);
        }
    ```
    or `BPF_MAP_TYPE_LRU_HASH`.

    ## Known limits
    A map that user space looks into, or that is pinned or handed to a function that is not seen, is left alone. A path
    is judged in the function that makes the key, and where only `kretprobe`, `fexit`, `uretprobe` and `sys_exit_…`
    programs run it: the call is over then.
    """

    meta = RuleMeta(
        code="BPF311", name="entry-never-deleted", summary="a hash takes an entry a call and nothing deletes one",
        severity=Severity.WARNING, confidence=Confidence.MEDIUM, cross_file=True,
    )  # fmt: skip
    gathers = (entries_of,)

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report the way out of an exit program on which the entry stays."""
        for lookup, delete, end in kept(unit, ctx):
            text = (
                f"this way out leaves the entry of `{lookup.name}` that line {lookup.site.span.line} has found; "
                f"line {delete.site.span.line} deletes it on the others"
            )
            related = [
                Related(lookup.site.span, "lookup", "found here"), Related(delete.site.span, "delete", "deleted here"),
            ]  # fmt: skip
            yield self.finding(end.span, text, subject=f"{lookup.site.function.name}:{lookup.name}", related=related)

    def check_project(self, ctx: Context) -> Iterable[Finding]:
        """Report each map once, at the first insert."""
        for item in entries(ctx):
            pair = _pair(item)
            insert = next((step for step in item.inserts if step.object and not _ITERATES.match(step.section)), None)
            if pair is not None:
                yield self._report(item, *pair)
            elif insert is not None and item.lookups and _is_told(ctx):
                yield self._object(item, insert)

    def _object(self, item: Entries, insert: Step) -> Finding:
        name = item.name
        message = (
            f"`{name}` takes an entry for each address of an object that comes by, and nothing ever deletes one: the "
            "map fills, and a new object at an old address finds what was of another; delete it where the object ends, "
            "or make it an LRU hash"
        )
        others = dict.fromkeys(step.span for step in item.inserts if step.span != insert.span)
        related = [Related(item.span, "map", f"`{name}` is defined here")]
        related.extend(Related(span, "insert", "inserted here, too") for span in others)
        return self.finding(insert.span, message, subject=f"{insert.function}:{name}", related=related)

    def _report(self, item: Entries, insert: Step, lookup: Step, target: str) -> Finding:
        name = item.name
        message = (
            f"`{name}` takes an entry for each thread or object that enters `{target}`, and nothing ever deletes one: "
            f"delete it behind the lookup at line {lookup.span.line}, or make it an LRU hash"
        )
        related = [
            Related(lookup.span, "lookup", "looked up when the call ends"),
            Related(item.span, "map", f"`{name}` is defined here"),
        ]
        return self.finding(insert.span, message, subject=f"{insert.function}:{name}", related=related)


def _is_told(ctx: Context) -> bool:
    """Whether a user side was seen: it would delete what programs do not."""
    return any(unit.functions for unit in ctx.project.user_units())


def _pair(item: Entries) -> tuple[Step, Step, str] | None:
    for insert in item.inserts:
        for lookup in item.lookups:
            target = answers(insert, lookup)
            if target is not None:
                return insert, lookup, target
    return None
