"""BPF405: is a map value used after its entry was deleted?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpflint.api import (
    Assign,
    Call,
    Context,
    Deref,
    Expr,
    Finding,
    Function,
    Index,
    Name,
    Op,
    Related,
    Rule,
    RuleMeta,
    Select,
    Severity,
    Span,
    Unit,
    assignments_to,
    expressions,
    show,
    strip,
)  # fmt: skip
from bpflint_rules._flow import Place, explore
from bpflint_rules._maps import MapCall, Maps, maps_of, whose_key


class ValueUsedAfterDelete(Rule):
    """A pointer into a map is read or written after the program deleted that entry.

    ## What it does
    Follows every path from `bpf_map_delete_elem(&m, &key)` to a use of what a lookup of the same map and key had given.

    ## Why is this bad
    The memory does not go away before the program ends, but it is free: in a preallocated hash map, which is the
    default, another CPU takes the element for another key at once, and the program reads or writes that entry. The
    verifier does not see it.

    ## Example
    ```c
    struct span *s = bpf_map_lookup_elem(&open, &key);
    if (!s)
        return 0;
    bpf_map_delete_elem(&open, &key);
    event.start = s->start;
    ```

    ## Use instead
    ```c
    event.start = s->start;
    bpf_map_delete_elem(&open, &key);
    ```

    ## Known limits
    Keys are the same where they are written the same and no assignment comes in between; a delete in another function
    is not followed. Where the key is the thread's own the finding is a warning: only an interrupt's program can take
    the element in between.
    """

    meta = RuleMeta(
        code="BPF405", name="value-used-after-delete", summary="a map value is used after its entry was deleted",
        severity=Severity.ERROR,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report the first use after each delete."""
        if unit.side != "bpf":
            return
        maps = maps_of(unit, ctx)
        for function in filter(maps.is_live, unit.functions):
            for call in maps.direct(function) if not function.incomplete else ():
                if call.op == "delete" and call.map is not None and call.map.kind.endswith("hash"):
                    yield from self._delete(call, function, maps)

    def _delete(self, call: MapCall, function: Function, maps: Maps) -> Iterator[Finding]:
        for lookup in maps.direct(function):
            name = strip(lookup.result) if lookup.result is not None else None
            if lookup.op != "lookup" or not lookup.same_entry(call):
                continue
            if not isinstance(name, Name) or not name.decl or not _given_before(name, lookup, call, function):
                continue
            use = _first_use(name.decl, call, function)
            if use is not None and call.map is not None:
                yield self.finding(
                    use[1], f"`{show(use[0])}` is used after its entry of `{call.map.name}` was deleted: "
                    "the element may already be another key's",
                    subject=f"{function.name}:{call.map.name}:{name.name}",
                    severity=Severity.WARNING if whose_key(call.key, function, maps) else None,
                    related=[Related(call.site.span, "delete", "deleted here"),
                             Related(lookup.site.span, "lookup", "looked up here")],
                )  # fmt: skip
                return


def _given_before(name: Name, lookup: MapCall, call: MapCall, function: Function) -> bool:
    """Whether the pointer still holds that lookup's result at some path to the delete."""
    given = function.blocks[lookup.site.at.block].ops[lookup.site.at.index]
    reaching = assignments_to(name, function, call.site.at.block, call.site.at.index)
    return any(item.op is given for item in reaching)


def _first_use(decl: int, call: MapCall, function: Function) -> tuple[Expr, Span] | None:
    found: list[tuple[Expr, Span]] = []

    def step(state: int, op: Op) -> int | None:
        for expr in expressions(op):
            pointer = _pointer(expr)
            if isinstance(pointer, Name) and pointer.decl == decl:
                found.append((expr, expr.span or op.span))
        return None if _sets(op, decl) else state

    explore(function, Place(call.site.at.block, call.site.at.index + 1), 0, step, lambda state, _test: state)
    return min(found, key=lambda item: item[1]) if found else None


def _pointer(expr: Expr) -> Expr | None:
    """The pointer that an expression goes through to memory."""
    match expr:
        case Select(base=base, arrow=True) | Index(base=base):
            return strip(base)
        case Deref(pointer=pointer):
            return strip(pointer)
    return None


def _sets(op: Op, decl: int) -> bool:
    target = op.target if isinstance(op, Assign) else op.result if isinstance(op, Call) else None
    return isinstance(target, Name) and target.decl == decl
