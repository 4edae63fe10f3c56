"""BPF401: is a value that other CPUs change too updated in several steps?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from bpflint.api import (
    Assign,
    Binary,
    CallExpr,
    Confidence,
    Context,
    Expr,
    Finding,
    Function,
    Name,
    Pointer,
    RaceClaim,
    RecordDecl,
    Related,
    Rule,
    RuleMeta,
    Severity,
    Unit,
    Update,
    operands,
    operations,
    show,
    strip,
    walk,
)  # fmt: skip
from bpflint_rules._atomic_fix import atomic_edit, atomic_fix
from bpflint_rules._claims import race_claim
from bpflint_rules._maps import Maps, maps_of
from bpflint_rules._sharing import Touch, atomic_places, guarded_places, mildly, reads_itself, run_alone, touches

_WHO = ("bpf_get_current_pid_tgid", "bpf_get_current_task", "bpf_get_current_task_btf", "bpf_get_ns_current_pid_tgid")


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
        bare = [item for item in touches(unit, ctx) if _is_bare(item) and (item.owner, item.path) not in others]
        bare.sort(key=lambda item: (item.function.name, item.owner))
        for _, group in groupby(bare, key=lambda item: (item.function.name, item.owner)):
            hits = list({item.span: item for item in group}.values())
            function = hits[0].function
            if run_alone(function, maps) or (hits[0].value is None and _one_task(function, maps)):
                continue
            counted = hits[0].value is None and not _is_read(hits[0].owner, maps)
            claim = _claim(hits[0], ctx, unit)
            mild = Severity.INFO if counted else mildly(hits[0].span)
            yield self._report(hits, mild, claim, counted=counted)

    def _report(
        self, hits: Sequence[Touch], severity: Severity | None, claim: RaceClaim | None, *, counted: bool
    ) -> Finding:
        touch = hits[0]
        value, name, function = touch.value, touch.owner, touch.function
        places = list(dict.fromkeys(show(item.place) for item in hits))
        more = f" (and {len(places) - 1} more)" if len(places) > 1 else ""
        related = [Related(item.span, "also", f"`{show(item.place)}`") for item in hits[1:6]]
        if value is None:
            text = f"`{places[0]}`{more} is changed without an atomic operation: every CPU shares the global `{name}`"
            text += "; no program reads it, so additions are lost and nothing else" if counted else ""
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
            touch.span, text, subject=f"{function.name}:{name}", confidence=sure, related=related, severity=severity,
            fixes=atomic_fix([atomic_edit(item.function, item.at) for item in hits]), claim=claim,
        )  # fmt: skip


def _claim(touch: Touch, ctx: Context, unit: Unit) -> RaceClaim | None:
    """The counter at its place in the value, or a word where the place is not known."""
    map_, layouts, offset = touch.map, ctx.layouts(unit), 0
    type_ = map_.value if map_ is not None else None
    for name in touch.path.split(".") if touch.path else ():
        field = layouts.field(type_, name) if isinstance(type_, RecordDecl) else None
        if field is None or field.bitfield:
            return race_claim(64, 0, None)
        type_, offset = field.type, offset + field.offset
    return race_claim(layouts.size(type_) or 64, offset, map_.value_size if map_ is not None else None)


def _is_bare(touch: Touch) -> bool:
    return touch.kind == "change" and touch.contended and not touch.atomic and not touch.locked


def _is_read(name: str, maps: Maps) -> bool:
    """Whether a program uses a global for more than adding to it."""
    for function in maps.unit.functions:
        for op in operations(function):
            reads = operands(op)[1:] if isinstance(op, Update | Assign) else operands(op)
            own = isinstance(op, Assign) and reads_itself(op.target, op.value)
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
