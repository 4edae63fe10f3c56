"""BPF401: is a value that other CPUs change too updated in several steps?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bpflint.api import (
    Assign,
    Binary,
    CallExpr,
    Confidence,
    Context,
    Expr,
    Finding,
    Function,
    Index,
    Name,
    Pointer,
    Related,
    Rule,
    RuleMeta,
    Select,
    Severity,
    Span,
    Unit,
    Update,
    base_of,
    operands,
    operations,
    show,
    strip,
    walk,
)  # fmt: skip
from bpflint_rules._flow import locked, programs_reaching, same
from bpflint_rules._maps import Maps, maps_of, whose_key
from bpflint_rules._values import Value, held_at, is_contended, pointer_of, values

_ARITHMETIC = frozenset(("+", "-", "*", "/", "|", "&", "^", "<<", ">>"))
_WHO = ("bpf_get_current_pid_tgid", "bpf_get_current_task", "bpf_get_current_task_btf", "bpf_get_ns_current_pid_tgid")
_ALONE = ("iter", "syscall")
"""Programs that user space runs one at a time, on its own request."""


@dataclass(frozen=True, slots=True)
class _Change:
    """A read-modify-write of a place."""

    place: Expr
    span: Span


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
    Values in maps keyed by the current thread or CPU, in local storage, under a BPF spin lock (also the caller's) or
    not yet in a map are silent. Whether two CPUs really meet on a key cannot be seen; a counter that may be lossy on
    purpose is best marked with a suppression that says so.
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
        running = programs_reaching(unit)
        for function in filter(maps.is_live, unit.functions):
            programs = running.get(function.name, ())
            kinds = {program.section.split("/")[0].removesuffix(".s") for program in programs}
            if kinds and kinds <= set(_ALONE):
                continue
            yield from self._function(function, maps)

    def _function(self, function: Function, maps: Maps) -> Iterator[Finding]:
        found: dict[str, list[tuple[_Change, Value | None]]] = {}
        rows = None
        for number, block in enumerate(function.blocks):
            for index, op in enumerate(block.ops):
                change = _change(op)
                if change is None:
                    continue
                rows = locked(function) if rows is None else rows
                if number in rows and rows[number][index]:
                    continue
                if (value := _shared(change.place, function, maps)) is not None and value.call.map is not None:
                    found.setdefault(value.call.map.name, []).append((change, value))
                elif (name := _global(change.place, function, maps)) is not None and not _one_task(function, maps):
                    found.setdefault(name, []).append((change, None))
        for name, hits in found.items():
            counted = hits[0][1] is None and not _is_read(name, maps)
            yield self._report(function, name, hits, Severity.INFO if counted else None)

    def _report(
        self, function: Function, name: str, hits: list[tuple[_Change, Value | None]], severity: Severity | None
    ) -> Finding:
        change, value = hits[0]
        places = list(dict.fromkeys(show(item.place) for item, _ in hits))
        more = f" (and {len(places) - 1} more)" if len(places) > 1 else ""
        related = [Related(item.span, "also", f"`{show(item.place)}`") for item, _ in hits[1:6]]
        if value is None:
            text = f"`{places[0]}`{more} is changed without an atomic operation: every CPU shares the global `{name}`"
            text += "; no program reads it, so additions are lost and nothing else" if severity is not None else ""
            sure = Confidence.MEDIUM
        else:
            map_ = value.call.map
            kind = map_.kind if map_ is not None else ""
            text = (
                f"`{places[0]}`{more} is changed without an atomic operation: it lies in `{name}`, "
                f"a map of type {kind} that every CPU shares"
            )
            related.insert(0, Related(value.call.site.span, "lookup", "the value is looked up here"))
            if value.caller is not None:
                related.insert(0, Related(value.caller.span, "call", f"`{function.name}()` is given the value here"))
            sure = Confidence.HIGH if kind.endswith("array") else Confidence.MEDIUM
            if map_ is not None and isinstance(map_.key, Pointer):
                sure = Confidence.LOW
        return self.finding(
            change.span, text, subject=f"{function.name}:{name}", confidence=sure, related=related, severity=severity
        )


def _change(op: object) -> _Change | None:
    match op:
        case Update(target=target, atomic=False, span=span):
            return _Change(target, span)
        case Assign(target=target, value=value, span=span) if not isinstance(strip(target), Name):
            inner = strip(value)
            reads = any(same(item, target) for item in walk(inner))
            if isinstance(inner, Binary) and inner.op in _ARITHMETIC and reads:
                return _Change(target, span)
    return None


def _shared(place: Expr, function: Function, maps: Maps) -> Value | None:
    """The first lookup behind the place that another CPU may meet, without the lock."""
    pointer = pointer_of(place)
    if pointer is None or _per_cpu_slot(place, function, maps):
        return None
    for value in values(pointer, function, maps):
        if is_contended(value, maps) and not (value.caller is not None and held_at(value.caller)):
            return value
    return None


def _global(place: Expr, function: Function, maps: Maps) -> str | None:
    item: Expr = strip(place)
    while isinstance(item, Select | Index):
        if isinstance(item, Select) and item.arrow:
            return None
        item = strip(item.base)
    if not isinstance(item, Name) or item.decl or item.name not in maps.globals:
        return None
    if not maps.globals[item.name].kind.startswith((".data", ".bss")) or _per_cpu_slot(place, function, maps):
        return None
    return item.name


def _is_read(name: str, maps: Maps) -> bool:
    """Whether a program uses a global for more than adding to it."""
    for function in maps.unit.functions:
        for op in operations(function):
            reads = operands(op)[1:] if isinstance(op, Update | Assign) else operands(op)
            own = isinstance(op, Assign) and _change(op) is not None
            if not own and any(
                isinstance(item, Name) and not item.decl and item.name == name for expr in reads for item in walk(expr)
            ):
                return True
    return False


def _one_task(function: Function, maps: Maps) -> bool:
    """Whether the body asks which task it runs in, and so may serve a single one."""
    for block in function.blocks:
        for test in (edge.test for edge in block.edges if edge.test is not None):
            for item in walk(test.value):
                inner = strip(item.left) if isinstance(item, Binary) and item.op == ">>" else item
                if isinstance(inner, Name | CallExpr) and _is_task(inner, function, maps):
                    return True
    return False


def _is_task(expr: Expr, function: Function, maps: Maps) -> bool:
    origin = maps.origins(function).get(expr.decl) if isinstance(expr, Name) else None
    values_ = origin.values if origin is not None else (expr,)
    return any(
        isinstance(item, CallExpr) and item.callee in _WHO
        for value in values_ for item in walk(value)
    )  # fmt: skip


def _per_cpu_slot(place: Expr, function: Function, maps: Maps) -> bool:
    """Whether the place is an array element chosen by the CPU number."""
    return any(
        isinstance(item, Index) and not isinstance(base_of(item.index), Index)
        and whose_key(item.index, function, maps) != "" for item in walk(place)
    )  # fmt: skip
