"""BPF404: is a looked-up value changed in a copy and written back whole?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    AddressOf,
    Assign,
    Binary,
    Call,
    Confidence,
    Context,
    Deref,
    Expr,
    Finding,
    Function,
    Name,
    Op,
    Related,
    Rule,
    RuleMeta,
    Select,
    Severity,
    Unit,
    Update,
    base_of,
    show,
    strip,
    walk,
)  # fmt: skip
from bpflint_rules._flow import Place, programs_reaching, reaches, same
from bpflint_rules._maps import MapCall, Maps, is_shared, maps_of, whose_key
from bpflint_rules._sharing import FIXTURES, run_alone
from bpflint_rules._values import lookups, pointer_of

_ARITHMETIC = frozenset(("+", "-", "|", "&", "^", "<<", ">>", "*"))


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
    Keys are the same where they are written the same. Where the key belongs to the current thread or CPU, only the
    looked-up pointer itself is reported, as a warning: the update is useless there, and nothing is lost; so it is for
    the looked-up pointer of an array. In folders of tests it is an info. Bodies that could not be parsed whole are not
    judged.
    """

    meta = RuleMeta(
        code="BPF404", name="write-back-of-lookup", summary="a changed copy of a looked-up value is written back",
        severity=Severity.ERROR, references=("https://github.com/kmesh-net/kmesh/pull/1441",),
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report updates with a value that a lookup of the same key gave."""
        if unit.side != "bpf":
            return
        maps, running = maps_of(unit, ctx), programs_reaching(unit)
        for function in filter(maps.is_live, unit.functions):
            if function.incomplete or run_alone(running.get(function.name, ())):
                continue
            for call in maps.direct(function):
                if call.op == "update" and call.map is not None and is_shared(call.map):
                    yield from self._update(call, function, maps)

    def _update(self, call: MapCall, function: Function, maps: Maps) -> Iterator[Finding]:
        value = strip(call.value) if call.value is not None else None
        if value is None or call.map is None:
            return
        found = _source(value, call, function, maps)
        direct, private = isinstance(value, Name), whose_key(call.key, function, maps) != ""
        if found is None or (private and not direct):
            return
        lookup, how = found
        related = [Related(lookup.site.span, "lookup", "the value comes from here")]
        text = f"`{show(value)}` {how} of `{call.map.name}` and is written back to the same key: "
        itself = private or (direct and call.map.kind == "array")  # an array's update writes into the very entry
        text += "the entry is copied over itself" if itself else "what another CPU stored in between is lost"
        yield self.finding(
            call.site.span, text, subject=f"{function.name}:{call.map.name}:{show(value)}", related=related,
            confidence=Confidence.HIGH if direct else Confidence.MEDIUM,
            severity=Severity.INFO if FIXTURES.search(call.site.span.path) else Severity.WARNING if itself else None,
        )  # fmt: skip


def _source(value: Expr, call: MapCall, function: Function, maps: Maps) -> tuple[MapCall, str] | None:
    """The lookup of the same map and key that the updated value was made from, and how."""
    if isinstance(value, Name) and value.decl:
        entries = lookups(value, function, maps)
        if any(item.site.function is function and not same(item.key, call.key) for item in entries or ()):
            return None  # on some path it is the entry of another key, which is copied to this one
        found = _same_entry(entries, call, function)
        return (found, "points to the entry") if found is not None else None
    local = strip(value.place) if isinstance(value, AddressOf) else None
    if not isinstance(local, Name) or not local.decl:
        return None
    if _replaced(local.decl, call, function, maps):
        return None
    copied: MapCall | None = None
    changed = False
    for number, block in enumerate(function.blocks):
        for index, op in enumerate(block.ops):
            target, given = _written(op)
            if given is None or not _is_local(target, local.decl):
                continue
            if not reaches(function, Place(number, index), call.site.at):
                continue
            one = _read_of(given, call, function, maps)
            if one is not None:
                copied = copied or one
                inner = strip(given)
                changed = changed or (not isinstance(inner, Deref | Select) and _computes(inner))
            elif copied is not None and (isinstance(op, Update) or isinstance(strip(target), Select)):
                changed = True
    return (copied, "holds the changed value") if copied is not None and changed else None


def _replaced(decl: int, call: MapCall, function: Function, maps: Maps) -> bool:
    """Whether the block of the update gives the local a new value that no lookup made, right before it."""
    at = call.site.at
    for op in reversed(function.blocks[at.block].ops[: at.index]):
        target, given = _written(op)
        if given is not None and isinstance(strip(target), Name) and _is_local(target, decl):
            return not isinstance(op, Update) and _read_of(given, call, function, maps) is None
    return False


def _written(op: Op) -> tuple[Expr, Expr | None]:
    match op:
        case Assign(target=target, value=value) | Update(target=target, value=value):
            return target, value
        case Call(result=result, call=call) if result is not None:
            return result, call
    return Name(""), None


def _is_local(target: Expr, decl: int) -> bool:
    inner = strip(target)
    if pointer_of(inner) is not None:
        return False
    root = base_of(inner)
    return isinstance(root, Name) and root.decl == decl


def _read_of(expr: Expr, call: MapCall, function: Function, maps: Maps) -> MapCall | None:
    """The lookup of the same entry that an expression reads through: all of it, or a number to compute with."""
    for item in walk(expr):
        pointer = pointer_of(item) if isinstance(item, Deref | Select) else None
        if pointer is not None and (whole := isinstance(item, Deref) or _computes(strip(expr))) and whole:
            found = _same_entry(lookups(pointer, function, maps), call, function)
            if found is not None:
                return found
    return None


def _computes(expr: Expr) -> bool:
    return any(isinstance(item, Binary) and item.op in _ARITHMETIC for item in walk(expr))


def _same_entry(found: tuple[MapCall, ...] | None, call: MapCall, function: Function) -> MapCall | None:
    if any(item.map is not call.map for item in found or ()):
        return None  # on some path it points elsewhere: a buffer that was filled after a miss
    for item in found or ():
        if item.map is not None and call.map is not None and item.map.name == call.map.name and (
            item.site.function is function and same(item.key, call.key)
            and reaches(function, item.site.at, call.site.at)
        ):  # fmt: skip
            return item
    return None
