"""BPF404: is a looked-up value changed in a copy and written back whole?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    AddressOf,
    Binary,
    Confidence,
    Context,
    Deref,
    Expr,
    Finding,
    Name,
    Related,
    Rule,
    RuleMeta,
    Select,
    Severity,
    Unit,
    assignments_to,
    show,
    strip,
    walk,
)  # fmt: skip
from bpflint_rules._alone import mildly, shared_updates
from bpflint_rules._flow import reaches
from bpflint_rules._maps import MapCall, Maps, maps_of, whose_key
from bpflint_rules._sharing import ARITHMETIC
from bpflint_rules._values import lookups, pointer_of


class WriteBackOfLookup(Rule):
    """A value is looked up, changed in a local copy, and written back with an update of the same key.

    ## What it does
    Finds an update of a map that is not per-CPU whose value was computed from what a lookup of the same key gave: a
    whole copy with a changed field, a sum of the old number and another, or the looked-up pointer itself.

    ## Why is this bad
    Between the lookup and the update another CPU changes the entry; the update puts the old bytes back over it. Unlike
    a lost addition this undoes changes of every field, and it brings deleted entries back to life.

    ## Example
    ```c
    u64 *old = bpf_map_lookup_elem(&requests, &key);
    u64 count = old ? *old + 1 : 1;
    bpf_map_update_elem(&requests, &key, &count, BPF_ANY);
    ```

    ## Use instead
    ```c
    u64 *old = bpf_map_lookup_elem(&requests, &key);
    if (old)
        __sync_fetch_and_add(old, 1);
    else
        bpf_map_update_elem(&requests, &key, &one, BPF_NOEXIST);
    ```

    ## Known limits
    Keys are the same where they are written the same and no assignment comes in between. Where the key belongs to the
    current thread or CPU, only the looked-up pointer itself is reported, as a warning: the update is useless there, and
    nothing is lost; so it is for the looked-up pointer of an array. In folders of tests it is an info. Bodies that
    could not be parsed whole are not judged.
    """

    meta = RuleMeta(
        code="BPF404", name="write-back-of-lookup", summary="a changed copy of a looked-up value is written back",
        severity=Severity.ERROR, references=("https://github.com/kmesh-net/kmesh/pull/1441",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report updates with a value that a lookup of the same key gave."""
        for call in shared_updates(unit, ctx):
            value = strip(call.value) if call.value is not None else None
            if value is not None and not call.site.function.incomplete:
                yield from self._update(call, value, maps_of(unit, ctx))

    def _update(self, call: MapCall, value: Expr, maps: Maps) -> Iterator[Finding]:
        function, direct = call.site.function, isinstance(value, Name)
        lookup = _entry(value, call, maps) if direct else _changed_copy(value, call, maps)
        private = whose_key(call.key, function, maps) != ""
        if lookup is None or call.map is None or (private and not direct):
            return
        how = "points to the entry" if direct else "holds the changed value"
        text = f"`{show(value)}` {how} of `{call.name}` and is written back to the same key: "
        itself = private or (direct and call.map.kind == "array")  # an array's update writes into the very entry
        text += "the entry is copied over itself" if itself else "what another CPU stored in between is lost"
        yield self.finding(
            call.site.span, text, subject=f"{function.name}:{call.name}:{show(value)}",
            related=[Related(lookup.site.span, "lookup", "the value comes from here")],
            confidence=Confidence.HIGH if direct else Confidence.MEDIUM,
            severity=mildly(call.site.span) or (Severity.WARNING if itself else None),
        )  # fmt: skip


def _changed_copy(value: Expr, call: MapCall, maps: Maps) -> MapCall | None:
    """The lookup of the same entry that the local whose address is written back was made from and changed since."""
    local = strip(value.place) if isinstance(value, AddressOf) else None
    if not isinstance(local, Name) or not local.decl:
        return None
    copied: MapCall | None = None
    changed = False
    for item in assignments_to(local, call.site.function, call.site.at.block, call.site.at.index):
        if item.value is None or pointer_of(item.target) is not None:
            continue
        read = _read_of(item.value, call, maps)
        copied = copied or read
        computed = _computes(item.value) and not isinstance(strip(item.value), Deref | Select)
        changed = changed or (computed if read is not None else copied is not None and not item.whole)
    return copied if changed else None


def _read_of(expr: Expr, call: MapCall, maps: Maps) -> MapCall | None:
    """The lookup of the same entry that an expression reads through: all of it, or a number to compute with."""
    reads = (Deref, Select) if _computes(expr) else (Deref,)
    pointers = (pointer_of(item) for item in walk(expr) if isinstance(item, reads))
    found = (_entry(pointer, call, maps) for pointer in pointers if pointer is not None)
    return next(filter(None, found), None)


def _computes(expr: Expr) -> bool:
    return any(isinstance(item, Binary) and item.op in ARITHMETIC for item in walk(expr))


def _entry(pointer: Expr, call: MapCall, maps: Maps) -> MapCall | None:
    """The lookup that gave a pointer to the entry that is written; None where it may lead elsewhere on some path."""
    found = lookups(pointer, call.site.function, maps) or ()
    if not all(item.same_entry(call) for item in found):
        return None
    return next((item for item in found if reaches(call.site.function, item.site.at, call.site.at)), None)
