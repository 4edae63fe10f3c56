"""BPF406: is a field that a BPF spin lock guards written without it?"""

from __future__ import annotations

from collections.abc import Iterable

from bpflint.api import Context, Finding, Related, Rule, RuleMeta, Severity, Unit, show
from bpflint_rules._sharing import by_field, lock_member, touches


class LockNotHeld(Rule):
    """A map value carries a `bpf_spin_lock`, and one place writes a field without taking it.

    ## What it does
    Compares all writes to a field of a value with a `struct bpf_spin_lock`: where some hold the lock, it reports the
    ones that hold none, neither themselves nor in the caller that hands the value over.

    ## Why is this bad
    A lock protects only against code that takes it too. The unlocked write lands in the middle of another CPU's locked
    change, and the fields no longer belong together.

    ## Example
    ```c
    bpf_spin_lock(&v->lock);
    v->tokens -= cost;
    v->last = now;
    bpf_spin_unlock(&v->lock);
    /* … elsewhere … */
    v->tokens = limit;
    ```

    ## Use instead
    ```c
    bpf_spin_lock(&v->lock);
    v->tokens = limit;
    bpf_spin_unlock(&v->lock);
    ```

    ## Known limits
    Reads are not reported. A field that no code writes under the lock is not taken for a guarded one.
    """

    meta = RuleMeta(
        code="BPF406", name="lock-not-held", summary="a field that a BPF spin lock guards is written without it",
        severity=Severity.ERROR,
    )  # fmt: skip

    def check_unit(self, unit: Unit, ctx: Context) -> Iterable[Finding]:
        """Report one unlocked write a function and field."""
        if unit.side != "bpf":
            return
        found = [item for item in touches(unit, ctx) if item.map is not None and lock_member(item.map)]
        guarded = {(item.owner, item.path): item for item in reversed(found) if item.locked}
        for touch, *_ in by_field(item for item in found if item.bare and (item.owner, item.path) in guarded):
            other = guarded[touch.owner, touch.path]
            lock = lock_member(touch.map) if touch.map is not None else ""
            yield self.finding(
                touch.span,
                f"`{show(touch.place)}` is written without `{lock}`, which `{other.function.name}` takes to write it",
                subject=touch.subject,
                related=[Related(other.span, "guarded", f"written here under `{lock}`")],
            )  # fmt: skip
