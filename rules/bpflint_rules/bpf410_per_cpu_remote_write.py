"""BPF410: is another CPU's per-CPU value changed while that CPU changes it too?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bpflint.api import (
    Binary,
    CallExpr,
    Confidence,
    Constant,
    Context,
    Expr,
    Finding,
    Function,
    Name,
    Related,
    Rule,
    RuleMeta,
    Severity,
    Unit,
    show,
    strip,
)
from bpflint_rules._flow import Site, argument, parameter_index
from bpflint_rules._maps import CPU, Maps, maps_of
from bpflint_rules._sharing import Touch, by_field, touches

_REMOTE = "bpf_map_lookup_percpu_elem"


class PerCpuRemoteWrite(Rule):
    """A value of another CPU, got by `bpf_map_lookup_percpu_elem`, is changed by a plain read, add and write.

    ## What it does
    Finds plain changes of values that `bpf_map_lookup_percpu_elem(…, cpu)` gave, where `cpu` is not the current one, of
    fields that are changed at another place too.

    ## Why is this bad
    Per-CPU values need no atomics only as long as each CPU keeps to its own. One that reaches into another's value
    races with the owner exactly as in a shared map: both read the old number, and one change is lost.

    ## Example
    ```c
    struct stats *s = bpf_map_lookup_percpu_elem(&stats, &zero, cpu);
    if (s)
        s->idle_total += delta;
    ```

    ## Use instead
    ```c
    if (s)
        __sync_fetch_and_add(&s->idle_total, delta);
    ```
    at every place that changes the field, or a change on the owning CPU alone.

    ## Known limits
    Whether the places can run at the same time is not known: a callback that the kernel runs on that very CPU is safe.
    """

    meta = RuleMeta(
        code="BPF410", name="per-cpu-remote-write", summary="another CPU's per-CPU value is changed without atomics",
        severity=Severity.WARNING, confidence=Confidence.MEDIUM,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report one remote change a function and field."""
        if unit.side != "bpf":
            return
        maps = maps_of(unit, ctx)
        found = [item for item in touches(unit, ctx) if item.kind == "change" and not item.atomic and not item.locked]

        def remote(touch: Touch) -> bool:
            if touch.value is None or touch.value.call.helper != _REMOTE:
                return False
            site = touch.value.call.site
            lookup = touch.value.call.via or site
            return not _is_own(argument(lookup.call, 2), lookup.function, site, maps)

        for touch, *_ in by_field(filter(remote, found)):
            field = (touch.owner, touch.path)
            other = next((item for item in found if (item.owner, item.path) == field and item.span != touch.span), None)
            if other is not None and touch.value is not None:
                yield self.finding(
                    touch.span,
                    f"`{show(touch.place)}` is another CPU's value of the per-CPU map `{touch.owner}`, and it is "
                    f"changed in `{other.function.name}` too: one of two changes at a time is lost",
                    subject=touch.subject,
                    related=[Related(touch.value.call.site.span, "lookup", "the other CPU's value is looked up here"),
                             Related(other.span, "also", "changed here too")],
                )  # fmt: skip


def _is_own(cpu: Expr | None, function: Function, asked: Site, maps: Maps, depth: int = 6) -> bool:
    """Whether a number is that of the running CPU, or of the one whose runqueue is locked; a mask keeps it."""
    inner = strip(cpu) if cpu is not None and depth else None
    match inner:
        case CallExpr(callee=callee):
            return callee in CPU
        case Binary(op="&" | "%", left=left, right=Constant()):
            return _is_own(left, function, asked, maps, depth - 1)
        case Name(decl=decl) if (origin := maps.origins(function).get(decl)) is not None:
            return not origin.updated and all(_is_own(item, function, asked, maps, depth - 1) for item in origin.values)
    position = parameter_index(function, inner)
    callers: Sequence[Site] = maps.callers.get(function.name, ())
    if asked.call.callee == function.name:
        callers = [asked]
    elif within := [site for site in callers if site.function.name == asked.call.callee]:
        callers = within
    return position is not None and bool(callers) and all(
        _is_own(argument(site.call, position), site.function, asked, maps, depth - 1) for site in callers
    )
